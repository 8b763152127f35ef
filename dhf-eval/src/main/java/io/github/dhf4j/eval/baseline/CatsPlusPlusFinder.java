package io.github.dhf4j.eval.baseline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.pck.PointFinder;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The paper's row CATs++, as its authors' code transfers key points: the flow of the pair's first image, which is the
 * network's target. The largest correlation takes 268 MB. Not for several threads at once.
 *
 * <p>Source: Cho et al., TPAMI 2022.
 */
public final class CatsPlusPlusFinder implements PointFinder, AutoCloseable {
    /** Side of the squares that images are resized to, in pixels. */
    public static final int SIDE = CatsPlusPlus.SIDE;

    private final CatsPlusPlus network;
    private final NDManager manager;

    /** Takes network and manager over. */
    CatsPlusPlusFinder(CatsPlusPlus network, NDManager manager) {
        this.network = network;
        this.manager = manager;
    }

    /**
     * Opens a checkpoint, which holds the backbone too.
     *
     * @param checkpoint the authors' {@code model_best.pth}, or its {@code state_dict} alone
     * @param device where to run
     * @return the method; the caller closes it
     * @throws IOException if the file is missing, damaged or of another network
     */
    public static CatsPlusPlusFinder open(Path checkpoint, Device device) throws IOException {
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try (TensorFile file = CatsPlusPlus.file(checkpoint)) {
            CatsPlusPlus network = new CatsPlusPlus(file);
            network.load(manager);
            return new CatsPlusPlusFinder(network, manager);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public Found find(KeypointPair pair) throws IOException {
        RgbImage source = RgbImage.read(pair.source());
        RgbImage target = RgbImage.read(pair.target());
        Size side = Size.square(SIDE);
        try (NDManager work = manager.newSubManager()) {
            NDArray from = ImageNetPixels.of(List.of(source), side, PillowResize.Kernel.BILINEAR, work);
            NDArray to = ImageNetPixels.of(List.of(target), side, PillowResize.Kernel.BILINEAR, work);
            float[] flow = network.flow(from, to, CatsPlusPlus.Stages.NONE);
            return new Found(
                    CatsPlusPlus.transfer(flow, ImageNetPixels.points(pair, source.size(), side)).stream()
                            .map(point -> point.scaled(side, target.size()))
                            .toList(),
                    target.size());
        }
    }

    @Override
    public void close() {
        network.close();
        manager.close();
    }
}
