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
import java.util.Set;

/**
 * The paper's row DHPF: dynamic hyperpixel flow, as its authors' code transfers key points. A pair takes two 52 MB arrays
 * and the 34 maps of both images. Not for several threads at once.
 *
 * <p>Source: Min et al., ECCV 2020.
 */
public final class DhpfFinder extends ImageNetPairFinder {
    /** Side of the squares that images are resized to, in pixels. */
    public static final int SIDE = Dhpf.SIDE;

    private static final List<String> PREFIXES = List.of("state_dict.", "module.");

    private final Dhpf network;
    private final HoughMatching hough;

    /** Takes network and manager over. */
    DhpfFinder(Dhpf network, HoughMatching hough, NDManager manager) {
        super(SIDE, manager);
        this.network = network;
        this.hough = hough;
    }

    /**
     * Opens both networks.
     *
     * @param backbone torchvision's ResNet-101, which DHPF's own file does not hold
     * @param head DHPF's checkpoint
     * @param asTorch10 whether a cell of the Hough space is what torch 1.0.1 made of it, for which the authors wrote;
     *     else what later ones make
     * @param runtime where to run, and in which type
     * @return the method; the caller closes it
     * @throws IOException if a file is missing, damaged or of another network
     */
    public static DhpfFinder open(Path backbone, Path head, boolean asTorch10, TorchRuntime runtime)
            throws IOException {
        NDManager manager = runtime.newManager();
        try (TensorFile weights = RenamedTensors.unwrapped(TensorFile.open(head), PREFIXES);
                TensorFile resnet = ResNet101.file(backbone)) {
            ResNet101 maps = new ResNet101(resnet, "", Set.of());
            Dhpf network = new Dhpf(maps, weights);
            maps.load(manager, DataType.FLOAT32);
            network.load(manager, DataType.FLOAT32);
            return new DhpfFinder(
                    network, new HoughMatching(asTorch10 ? HoughMatching.CELL_TORCH_1_0 : HoughMatching.CELL), manager);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    List<Point> transfer(NDArray first, NDArray second, List<Point> points) {
        float[] correlation = network.correlate(first, second).correlation();
        hough.regularise(correlation);
        return HoughMatching.transfer(HoughMatching.best(correlation), points);
    }

    @Override
    void closeNetwork() {
        network.close();
    }
}
