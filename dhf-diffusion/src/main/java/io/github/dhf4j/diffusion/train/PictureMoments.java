package io.github.dhf4j.diffusion.train;

import static io.github.dhf4j.diffusion.train.TrainingOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a trained autoencoder makes of every picture: made once, then read from a file. */
final class PictureMoments {
    private static final int ENCODED_AT_ONCE = 16;
    private static final String RUN = "run";
    private static final String MOMENTS = "moments";

    private final AutoencoderKLConfig config;
    private final CaptionedPictures pictures;
    private final RunMonitor monitor;

    PictureMoments(AutoencoderKLConfig config, CaptionedPictures pictures, RunMonitor monitor) {
        this.config = config;
        this.pictures = pictures;
        this.monitor = monitor;
    }

    /** (pictures, 2 Z, h, w), owned by {@code owner}; {@code run} tells files of other autoencoders from this one's. */
    NDArray get(Path file, String run, Map<String, NDArray> weights, NDManager owner) throws IOException {
        if (Files.exists(file)) {
            try (TensorFile kept = TensorFile.open(file)) {
                if (run.equals(kept.metadata().get(RUN))) {
                    return kept.read(MOMENTS, owner, DataType.FLOAT32);
                }
            }
        }
        NDArray moments = encode(weights, owner);
        new SafeTensorsWriter().metadata(RUN, run).tensor(MOMENTS, moments).write(file);
        return moments;
    }

    private NDArray encode(Map<String, NDArray> weights, NDManager owner) {
        int side = pictures.side();
        int latent = side / config.factor();
        NDArray moments = owner.zeros(new Shape(pictures.size(), 2L * config.latentChannels(), latent, latent));
        monitor.start("encoding", pictures.size());
        try (AutoencoderKL network = new AutoencoderKL(config, weights)) {
            for (int i = 0; i < pictures.size(); i += ENCODED_AT_ONCE) {
                monitor.checkCancelled();
                int count = Math.min(ENCODED_AT_ONCE, pictures.size() - i);
                ByteBuffer bytes = ByteBuffer.allocateDirect(count * 3 * side * side);
                for (int k = 0; k < count; k++) {
                    pictures.put(i + k, 0, 0, side, bytes);
                }
                try (NDManager work = owner.newSubManager()) {
                    NDArray raw = work.create(bytes.flip(), new Shape(count, side, side, 3), DataType.UINT8);
                    NDArray found = network.encode(DiffusionOps.encodePixels(raw, work));
                    SCRIPT.test("put", moments, i, found);
                }
                monitor.step(i + count);
            }
        }
        monitor.end();
        return moments;
    }
}
