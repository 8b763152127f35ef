package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The paper's row CATs++, as its authors' code transfers key points: the flow of the pair's first image, which is the
 * network's target. The largest correlation takes 268 MB. Not for several threads at once.
 *
 * <p>Source: Cho et al., TPAMI 2022.
 */
public final class CatsPlusPlusFinder extends ImageNetPairFinder {
    /** Side of the squares that images are resized to, in pixels. */
    public static final int SIDE = CatsPlusPlus.SIDE;

    private final CatsPlusPlus network;

    /** Takes network and manager over. */
    CatsPlusPlusFinder(CatsPlusPlus network, NDManager manager) {
        super(SIDE, manager);
        this.network = network;
    }

    /**
     * Opens a checkpoint, which holds the backbone too.
     *
     * @param checkpoint the authors' {@code model_best.pth}, or its {@code state_dict} alone
     * @param runtime where to run, and in which type
     * @return the method; the caller closes it
     * @throws IOException if the file is missing, damaged or of another network
     */
    public static CatsPlusPlusFinder open(Path checkpoint, TorchRuntime runtime) throws IOException {
        NDManager manager = runtime.newManager();
        try (TensorFile file = CatsPlusPlus.file(checkpoint)) {
            CatsPlusPlus network = new CatsPlusPlus(file);
            network.load(manager, DataType.FLOAT32);
            return new CatsPlusPlusFinder(network, manager);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    List<Point> transfer(NDArray first, NDArray second, List<Point> points) {
        // their target is where points start
        return CatsPlusPlus.transfer(network.flow(first, second, CatsPlusPlus.Stages.NONE), points);
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
