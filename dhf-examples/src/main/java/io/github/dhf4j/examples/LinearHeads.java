package io.github.dhf4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done with a {@link PartHead}'s weights: read, measured, and trained alone over maps that do not change. Coarser maps
 * are spread over the cells of those of a side.
 */
record LinearHeads(FeatureSource features, int side, NDManager manager) {
    Map<String, NDArray> read(Path weights) throws IOException {
        Map<String, NDArray> head = new LinkedHashMap<>();
        try (TensorFile file = TensorFile.open(weights)) {
            for (String name : file.tensors().keySet()) {
                head.put(name, file.read(name, manager, DataType.FLOAT32));
            }
        }
        return head;
    }

    MeanIou measure(List<PartPicture> pictures, FeatureAggregator over, Map<String, NDArray> head) throws IOException {
        MeanIou iou = new MeanIou();
        for (PartPicture picture : pictures) {
            try (NDManager work = manager.newSubManager()) {
                iou.add(picture.parts(), PartHead.parts(maps(picture, over, work), head));
            }
        }
        return iou;
    }

    /** A picture a step, at a rate at which heads over raw maps learn best. */
    Map<String, NDArray> train(List<PartPicture> pictures, FeatureAggregator over, int steps, double rate)
            throws IOException {
        Map<String, NDArray> head = new LinkedHashMap<>();
        AdamW optimiser = null;
        SeededOrder order = new SeededOrder(0, pictures.size());
        for (int step = 0; step < steps; step++) {
            PartPicture picture = pictures.get(order.item(step));
            try (NDManager work = manager.newSubManager()) {
                NDArray maps = maps(picture, over, work);
                if (optimiser == null) {
                    head.putAll(PartHead.zeros((int) maps.getShape().get(1), manager));
                    optimiser = new AdamW(head, manager, AdamW.Settings.REFERENCE);
                }
                optimiser.step(
                        PartHead.gradient(maps, picture.parts(), false, head).byWeights(), name -> rate);
            }
        }
        return head;
    }

    private NDArray maps(PartPicture picture, FeatureAggregator over, NDManager work) throws IOException {
        try (ImageFeatures all = features.features(picture.image(), false)) {
            DescriptorMap map = all.describe(over);
            int cells = map.size().height();
            NDArray maps = work.create(map.values(), new Shape(1, map.channels(), cells, cells));
            return cells == side ? maps : maps.repeat(2, side / cells).repeat(3, side / cells);
        }
    }
}
