package io.github.dhf4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where an image's features come from: a network each time, or {@link FeatureCache}, where the network ran once. */
public interface FeatureSource {
    /**
     * The features of an image.
     *
     * @param image its file
     * @param mirrored whether the image is flipped left to right before the network sees it
     * @return all maps of the layout; the caller closes them
     * @throws IOException if the file cannot be read as an image, or the features cannot be kept
     */
    ImageFeatures features(Path image, boolean mirrored) throws IOException;

    /**
     * Which maps come.
     *
     * @return layers with widths, save indices
     */
    FeatureLayout layout();

    /**
     * What images are resized to before they enter the network.
     *
     * @return pixels
     */
    Size loadSize();

    /**
     * What the maps come from, for messages and provenance.
     *
     * @return in words
     */
    String name();

    /**
     * What the maps are a function of, beside the image, as {@link FeatureExtractor#fingerprint}.
     *
     * @return such as hexadecimal digits
     * @throws IOException if the network's weights cannot be read any more
     */
    String fingerprint() throws IOException;

    /**
     * The features of several networks as those of one, each from its own source; nothing is copied.
     *
     * @param networks in order, each of one network whose maps lie on the whole image; borrowed
     * @return the source; of one network its own
     */
    static FeatureSource joined(List<FeatureSource> networks) {
        return networks.size() == 1 ? networks.get(0) : new JointFeatureSource(networks);
    }

    /**
     * Features by running a network, every time anew.
     *
     * @param extractor borrowed
     * @param manager on whose device the maps live; borrowed
     * @param monitor hears of each image's progress and can cancel
     * @return the source
     */
    static FeatureSource of(FeatureExtractor extractor, NDManager manager, RunMonitor monitor) {
        if (extractor.networks().size() > 1) {
            return joined(extractor.networks().stream()
                    .map(each -> of(each, manager, monitor))
                    .toList());
        }
        return new NetworkFeatureSource(extractor, manager, monitor) {
            @Override
            public ImageFeatures features(Path image, boolean mirrored) throws IOException {
                RgbImage picture = RgbImage.read(image);
                return new ImageFeatures(
                        run(picture, mirrored, DataType.FLOAT32), picture.size(), loadSize(), placing(), origin());
            }
        };
    }
}
