package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.matching.KernelSoftArgMax;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MARCO as its authors match with it on SPair-71k: images squashed to a square, dot products, the soft arg max of
 * {@link KernelSoftArgMax#MARCO}. Each image of a pair is described anew. Not for several threads at once.
 *
 * <p>Source: MARCO, arXiv 2604.18267, and its authors' release.
 */
public final class MarcoFinder extends ImageNetPairFinder {
    /** Side of the squares that images are resized to, in pixels. */
    public static final int SIDE = 770;

    private final Marco network;
    private final Size side;

    /** Takes network and manager over. */
    MarcoFinder(Marco network, int side, NDManager manager) {
        super(side, manager);
        this.network = network;
        this.side = Size.square(side);
    }

    /**
     * Opens a checkpoint.
     *
     * @param dinov2 DINOv2 with registers, ViT-L for the published file: a folder in the transformers layout, or the
     *     authors' file
     * @param marco the authors' {@code marco_release.pth}, or what its {@code model} holds
     * @param runtime where to run, and in which type
     * @return the method; the caller closes it
     * @throws IOException if a file is missing, damaged or of another network
     */
    public static MarcoFinder open(Path dinov2, Path marco, TorchRuntime runtime) throws IOException {
        NDManager manager = runtime.newManager();
        try {
            Marco network = Marco.open(dinov2, marco, manager, runtime.dtype());
            network.pack(manager, runtime.dtype(), SIDE);
            return new MarcoFinder(network, SIDE, manager);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Tells apart what the points depend on beside the images.
     *
     * @param dinov2 as for {@link #open}
     * @param marco as for {@link #open}
     * @return digests of both files' contents and the network's form
     * @throws IOException if a file cannot be read
     */
    public static String fingerprint(Path dinov2, Path marco) throws IOException {
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(dinov2)) {
            return String.join(
                    " ",
                    Digests.ofFile(checkpoint.tensors().path()),
                    checkpoint.config().form(),
                    Digests.ofFile(marco));
        }
    }

    @Override
    List<Point> transfer(NDArray first, NDArray second, List<Point> points) {
        NDManager work = first.getManager();
        NDArray sampled;
        try (NDArray source = map(first, work)) {
            Size cells = cells(source);
            sampled = Marco.sampled(
                    source,
                    points.stream().map(point -> point.scaled(side, cells)).toList(),
                    work);
        }
        try (sampled;
                NDArray target = map(second, work);
                NDArray logits = Marco.logits(sampled, target, work)) {
            return located(HostTensors.floats(logits), cells(target), points.size());
        }
    }

    private NDArray map(NDArray pixels, NDManager work) {
        return network.upscaled(network.last(pixels, work), work);
    }

    private static Size cells(NDArray map) {
        return new Size((int) map.getShape().get(3), (int) map.getShape().get(2));
    }

    /** From cells, whose first and last lie on the image's first and last pixels. */
    private List<Point> located(float[] logits, Size cells, int count) {
        int all = cells.width() * cells.height();
        List<Point> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Point at = KernelSoftArgMax.MARCO.locate(Arrays.copyOfRange(logits, i * all, (i + 1) * all), cells);
            found.add(new Point(
                    at.x() * (side.width() - 1) / (cells.width() - 1),
                    at.y() * (side.height() - 1) / (cells.height() - 1)));
        }
        return found;
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
