package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TensorList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What all networks here see: pictures resized, from 0 to 1, minus ImageNet's mean, over its deviation. */
final class ImageNetPixels {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    private ImageNetPixels() {}

    /** (B, 3, H, W) float32 of images that may fill their picture in part; the rest is 0, which is the mean's colour. */
    static NDArray of(
            List<RgbImage> images, Size size, ExtractionProcess process, PillowResize.Kernel kernel, NDManager owner) {
        List<Size> frames = images.stream()
                .map(image -> PictureFrame.of(image.size(), size, process))
                .toList();
        if (frames.stream().allMatch(size::equals)) {
            return of(images, size, kernel, owner);
        }
        try (NDManager work = owner.newSubManager()) {
            List<NDArray> pictures = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                pictures.add(of(List.of(images.get(i)), frames.get(i), kernel, work));
            }
            try (TensorList all = TensorList.of(pictures.toArray(NDArray[]::new))) {
                return VisionTransformer.SCRIPT.run(owner, "padded", all, size.height(), size.width());
            }
        }
    }

    /** (B, 3, H, W) float32. */
    static NDArray of(List<RgbImage> images, Size size, PillowResize.Kernel kernel, NDManager owner) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(images.size(), 3 * size.width() * size.height()));
        images.forEach(
                image -> bytes.put(PillowResize.resize(image, size, kernel).samples()));
        try (NDArray raw = HostTensors.view(
                owner, bytes.flip(), new Shape(images.size(), size.height(), size.width(), 3), DataType.UINT8)) {
            return normalised(raw, owner);
        }
    }

    /** (B, 3, H, W) float32 of samples (B, H, W, 3) uint8. */
    static NDArray normalised(NDArray samples, NDManager owner) {
        try (NDArray mean = HostTensors.of(owner, MEAN, new Shape(MEAN.length));
                NDArray deviation = HostTensors.of(owner, DEVIATION, new Shape(DEVIATION.length))) {
            return VisionTransformer.SCRIPT.run(owner, "normalise", samples, mean, deviation);
        }
    }
}
