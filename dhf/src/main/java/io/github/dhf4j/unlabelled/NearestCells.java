package io.github.dhf4j.unlabelled;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.nio.LongBuffer;
import java.util.List;

/** For each cell of some maps the nearest cell of each of all, by cosine: a product a map. */
final class NearestCells {
    private final int[][][] cells;

    /**
     * Searches.
     *
     * @param maps all, of one width and size
     * @param sources how many of them, from the first on, are searched for
     */
    NearestCells(List<DescriptorMap> maps, int sources) {
        DescriptorMap one = maps.get(0);
        maps.forEach(one::requireComparable);
        int count = one.size().width() * one.size().height();
        this.cells = new int[sources][maps.size()][count];
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            NDList parts = new NDList();
            for (DescriptorMap map : maps) {
                parts.add(HostTensors.of(manager, map.values(), new Shape(map.channels(), count)));
            }
            NDArray all = NDArrays.concat(parts, 1);
            NDArray unit = all.div(all.norm(new int[] {0}, true).maximum(1e-12f)); // (D, maps x cells)
            for (int from = 0; from < sources; from++) {
                try (NDManager work = manager.newSubManager()) {
                    NDArray rows = unit.get(":, " + from * count + ":" + (from + 1) * count);
                    rows.attach(work);
                    NDArray nearest = rows.transpose()
                            .matMul(unit)
                            .reshape(count, maps.size(), count)
                            .argMax(2); // (cells, maps)
                    LongBuffer found = HostTensors.bytes(nearest).asLongBuffer();
                    for (int i = 0; i < count * maps.size(); i++) {
                        cells[from][i % maps.size()][i / maps.size()] = (int) found.get(i);
                    }
                }
            }
        }
    }

    /** Of each cell of a map the nearest of another; not to be changed. */
    int[] of(int from, int to) {
        return cells[from][to];
    }
}
