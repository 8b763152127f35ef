package io.github.dhf4j.unlabelled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.NetworkLayout;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.HostTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A network's maps of pictures in few cells, freed of what tells only where in the picture a cell is: the mean of all pictures is
 * taken from each cell, and the channels of each layer are whitened. What networks say of a place is otherwise stronger than what
 * they say of the thing there, and everything is best aligned as it lies.
 *
 * <p>Layers whose maps are coarser than these cells are passed over, unless all are. Of a diffusion process the maps of one step
 * are taken, a quarter of the way into the noise, where its features tell things best (Tang and others, Emergent Correspondence from
 * Image Diffusion, NeurIPS 2023, with 261 of 1000).
 */
final class PlacelessMaps {
    /** Cells a side. */
    static final int SIDE = 12;

    static final int CELLS = SIDE * SIDE;

    private final FeatureSource features;
    private final List<FeatureKey> looked = new ArrayList<>();
    private final List<LayerStatistics> statistics = new ArrayList<>();
    private final List<Whitening> whitenings = new ArrayList<>();

    private PlacelessMaps(FeatureSource features) {
        this.features = features;
        List<NetworkLayout> networks = features.layout().networks();
        for (int n = 0; n < networks.size(); n++) {
            List<Integer> cleanestFirst = networks.get(n).saveIndices().stream()
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (int layer : networks.get(n).layers()) {
                looked.add(new FeatureKey(n, cleanestFirst.get(cleanestFirst.size() / 4), layer));
            }
        }
    }

    /**
     * Looks at all pictures, each as it is and mirrored.
     *
     * @param pictures of all categories
     * @param features borrowed, as long as this is used
     * @param monitor hears of each picture, and can cancel between them
     */
    static PlacelessMaps over(List<Path> pictures, FeatureSource features, RunMonitor monitor) throws IOException {
        PlacelessMaps made = new PlacelessMaps(features);
        monitor.start("looking at pictures", pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            monitor.checkCancelled();
            made.count(made.read(pictures.get(i), false));
            made.count(made.read(pictures.get(i), true));
            monitor.step(i + 1);
        }
        monitor.end();
        made.statistics.forEach(layer -> made.whitenings.add(layer.whitening()));
        return made;
    }

    private void count(List<float[]> layers) {
        for (int i = 0; i < layers.size(); i++) {
            if (i == statistics.size()) {
                statistics.add(new LayerStatistics(CELLS, layers.get(i).length / CELLS));
            }
            statistics.get(i).add(layers.get(i));
        }
    }

    /** A picture's map, or its mirror image's: (cells, D), the layers one behind the other, rows of length 1. */
    float[] of(Path picture, boolean mirrored) throws IOException {
        List<float[]> layers = read(picture, mirrored);
        int width = layers.stream().mapToInt(map -> map.length / CELLS).sum();
        float[] joined = new float[CELLS * width];
        float share = (float) (1 / Math.sqrt(layers.size()));
        int begin = 0;
        for (int i = 0; i < layers.size(); i++) {
            float[] map = layers.get(i);
            whitenings.get(i).apply(map);
            int channels = map.length / CELLS;
            for (int cell = 0; cell < CELLS; cell++) {
                for (int c = 0; c < channels; c++) {
                    joined[cell * width + begin + c] = share * map[cell * channels + c];
                }
            }
            begin += channels;
        }
        return joined;
    }

    /** The layers that are looked at, (cells, C) each. */
    private List<float[]> read(Path picture, boolean mirrored) throws IOException {
        List<float[]> all = new ArrayList<>();
        List<float[]> fine = new ArrayList<>();
        try (ImageFeatures image = features.features(picture, mirrored);
                NDManager work = image.stack().newManager()) {
            for (FeatureKey key : looked) {
                NDArray map = image.stack().read(key, work);
                Shape shape = map.getShape();
                int height = (int) shape.get(2);
                int width = (int) shape.get(3);
                float[] pooled = pooled(HostTensors.floats(map), (int) shape.get(1), height, width);
                all.add(pooled);
                if (height >= SIDE && width >= SIDE) {
                    fine.add(pooled);
                }
            }
        }
        return fine.isEmpty() ? all : fine;
    }

    /** Means over what lies in each cell, (cells, C). */
    private static float[] pooled(float[] map, int channels, int height, int width) {
        float[] pooled = new float[CELLS * channels];
        for (int cell = 0; cell < CELLS; cell++) {
            int left = cell % SIDE * width / SIDE;
            int top = cell / SIDE * height / SIDE;
            int right = end(cell % SIDE, width);
            int bottom = end(cell / SIDE, height);
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        sum += map[(c * height + y) * width + x];
                    }
                }
                pooled[cell * channels + c] = (float) (sum / ((right - left) * (bottom - top)));
            }
        }
        return pooled;
    }

    private static int end(int place, int length) {
        return ((place + 1) * length + SIDE - 1) / SIDE;
    }
}
