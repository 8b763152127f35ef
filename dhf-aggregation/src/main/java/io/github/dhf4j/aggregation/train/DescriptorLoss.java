package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.image.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What descriptors are trained for: numbered examples, each of one image or more with your targets, and of their descriptor
 * maps the loss and its gradient. {@link CorrespondenceLoss} is the paper's. A loss may have weights of its own, such as a
 * head on the descriptors: they are trained, kept and resumed with the aggregator's.
 *
 * <p>The trainer does the rest: order and mirroring by seed, features, the gradients of the aggregation network, the
 * optimiser, validation, checkpoints and metrics. Shapes: N images of an example, D descriptor width, H x W map size.
 *
 * <p>Of a linear head that names a class in each cell, of one image:
 *
 * {@snippet file="PartHead.java" region="loss"}
 *
 * <p>All calls come on the training thread. What is returned must be a function of the arguments, or a run that was
 * stopped does not end as one that was not.
 */
public interface DescriptorLoss {
    /**
     * An image as it is described.
     *
     * @param image the file
     * @param mirrored whether it is flipped left to right first
     */
    record View(Path image, boolean mirrored) {
        /**
         * An image as it is.
         *
         * @param image the file
         * @return not mirrored
         */
        public static View of(Path image) {
            return new View(image, false);
        }
    }

    /**
     * The descriptor maps of an example.
     *
     * @param descriptors (N, D, H, W) float32, as the aggregator sums them, not normalised; borrowed. Its manager lives as
     *     long as the call's results are needed: what DJL makes of it may be left to it
     * @param imageSizes of the N images, in pixels
     * @param mirrored whether all views were flipped left to right once more than they say; targets are to be too
     * @param progress how much of the run is over, 0 to 1, for what changes on the way
     * @param seed what random choices are made of: the same when the run is resumed, and another each time that an example
     *     comes
     */
    record Maps(NDArray descriptors, List<Size> imageSizes, boolean mirrored, double progress, long seed) {
        /**
         * Maps as a run begins, with seed 0: for trying a loss.
         *
         * @param descriptors as above
         * @param imageSizes as above
         * @param mirrored as above
         */
        public Maps(NDArray descriptors, List<Size> imageSizes, boolean mirrored) {
            this(descriptors, imageSizes, mirrored, 0, 0);
        }
    }

    /**
     * A loss with its gradients.
     *
     * @param loss one number
     * @param byDescriptors (N, D, H, W) float32, on the descriptors' device, owned by their manager
     * @param byWeights by each of the loss' own weights, of its shape, owned likewise; none where there are no weights
     */
    record Gradient(double loss, NDArray byDescriptors, Map<String, NDArray> byWeights) {}

    /**
     * What is learned, for the run's description.
     *
     * @return a word or two; with everything beside the examples that the outcome depends on
     */
    String name();

    /**
     * How many examples there are; an epoch has each once.
     *
     * @return 1 or more
     */
    int size();

    /**
     * What an example is called, for messages.
     *
     * @param example 0 first
     * @return such as the name of its image
     */
    String id(int example);

    /**
     * The images whose descriptors an example needs.
     *
     * @param example 0 first
     * @return one or more, as many of each example as its loss takes
     */
    List<View> views(int example);

    /**
     * What an example's targets are, in a text that differs where they do: a run is resumed with the same only.
     *
     * @param example 0 first
     * @return such as all of them, or a digest
     */
    String targets(int example);

    /**
     * Weights of the loss' own as a run begins with them, changed in place by the optimiser at the rate of the bottlenecks.
     *
     * @param config of the aggregator, such as for the descriptor's width
     * @param seed of the run
     * @param owner owns the arrays, and says on which device
     * @return float32 by name; none for most losses
     */
    default Map<String, NDArray> initialWeights(AggregatorConfig config, long seed, NDManager owner) {
        return Map.of();
    }

    /**
     * Computes the loss of an example and its gradients.
     *
     * @param example 0 first
     * @param maps its images' descriptors
     * @param weights the loss' own, as they are now; borrowed
     * @return loss and gradients; a loss that is not finite ends the run with the example's name
     */
    Gradient of(int example, Maps maps, Map<String, NDArray> weights);
}
