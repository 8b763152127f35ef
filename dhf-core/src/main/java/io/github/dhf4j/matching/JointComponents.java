package io.github.dhf4j.matching;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Descriptors of a pair of images from maps of several layers: of each layer the principal components of both images'
 * cells together, so that a component means the same in both; coarser ones resized to the finer, one behind the other,
 * the finest first. They hold for this pair alone.
 *
 * <p>Source: Zhang et al., A Tale of Two Features, arXiv 2305.15347, section 3.3, and the authors' code, which resizes layer
 * by layer and does not scale the components. The decomposition is exact and in float64; theirs is randomised.
 *
 * @param source (D, H, W) of the first image
 * @param target (D, H, W) of the second image
 */
public record JointComponents(DescriptorMap source, DescriptorMap target) {
    private static final ScriptModule SCRIPT = ScriptModule.load(JointComponents.class, "components.py");

    /**
     * Finds them.
     *
     * @param source maps of the first image, (C, H, W) each, such as one a layer, in any order
     * @param target the same layers' maps of the second image, in the same order
     * @param components how many are kept of a layer, where it has as many: no more than its channels or both images' cells
     * @return descriptors of both, with the images', load and match sizes of their first maps; of no origin, since those
     *     of another pair are not to be compared with them
     * @throws IllegalArgumentException if there are no maps, or not as many and as wide of both images
     */
    public static JointComponents of(List<DescriptorMap> source, List<DescriptorMap> target, int components) {
        List<Integer> widths = source.stream().map(DescriptorMap::channels).toList();
        if (widths.isEmpty()
                || !widths.equals(target.stream().map(DescriptorMap::channels).toList())) {
            throw new IllegalArgumentException(
                    "maps must be of the same layers of both images, got " + source + " and " + target);
        }
        if (components < 1) {
            throw new IllegalArgumentException("components must be 1 or more, got " + components);
        }
        List<Integer> order = IntStream.range(0, source.size())
                .boxed()
                .sorted(Comparator.comparing(i -> cells(source.get(i))))
                .toList();
        long[] counts = order.stream()
                .mapToLong(i ->
                        Math.min(components, Math.min(widths.get(i), cells(source.get(i)) + cells(target.get(i)))))
                .toArray();
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                TensorList first = tensors(source, order, manager);
                TensorList second = tensors(target, order, manager)) {
            NDArray[] joint = SCRIPT.runToArrays(manager, "joint", first, second, counts);
            return new JointComponents(map(joint[0], source.get(0)), map(joint[1], target.get(0)));
        }
    }

    private static TensorList tensors(List<DescriptorMap> maps, List<Integer> order, NDManager manager) {
        List<NDArray> tensors = new ArrayList<>();
        for (int i : order) {
            DescriptorMap map = maps.get(i);
            Shape shape =
                    new Shape(map.channels(), map.size().height(), map.size().width());
            tensors.add(HostTensors.of(manager, map.values(), shape));
        }
        return TensorList.of(tensors.toArray(NDArray[]::new));
    }

    private static DescriptorMap map(NDArray joint, DescriptorMap like) {
        return DescriptorMap.of(joint, List.of(like.imageSize()), like.loadSize())
                .get(0)
                .withMatchSize(like.matchSize())
                .withExtent(like.extent());
    }

    private static int cells(DescriptorMap map) {
        Size size = map.size();
        return size.width() * size.height();
    }
}
