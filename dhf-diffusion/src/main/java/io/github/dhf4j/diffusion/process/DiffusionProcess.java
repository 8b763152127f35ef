package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.RunMonitor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The loop over timesteps: call the network, push its features on, move the latents. Ends with the call after which
 * nothing that is still wanted needs more computing, and inside that call at the last wanted layer.
 */
public final class DiffusionProcess {
    private final Denoiser.Conditioned denoiser;
    private final Sampler sampler;
    private final ExtractionProcess process;
    private final List<NetworkCall> calls;
    private final Set<Integer> layers;
    private final Set<Integer> saveIndices;

    /**
     * Prepares a loop.
     *
     * @param denoiser the network, told what the process tells it; borrowed
     * @param sampler what moves the latents
     * @param settings the process, and the layers by number (not empty)
     * @throws IllegalArgumentException if the sampler cannot walk the process
     */
    public DiffusionProcess(Denoiser.Conditioned denoiser, Sampler sampler, ExtractionSettings settings) {
        this.denoiser = denoiser;
        this.sampler = sampler;
        this.process = settings.process();
        this.calls = sampler.calls(process);
        this.layers = new HashSet<>(settings.layers());
        this.saveIndices = new HashSet<>(settings.saveIndices());
    }

    /**
     * Runs the loop.
     *
     * @param start (B, C, h, w): clean latents for inversion, noised and clean, noise for generation; borrowed
     * @param noise what the noised process adds, (B or 1, C, h, w); borrowed; null otherwise
     * @param consumer takes features
     * @param monitor hears of progress and can cancel
     * @param listener follows the latents and makes the loop run to its end; null for none
     */
    public void run(
            NDArray start,
            @Nullable NDArray noise,
            FeatureConsumer consumer,
            RunMonitor monitor,
            @Nullable LatentsListener listener) {
        List<NetworkCall> wanted = wantedCalls(listener != null);
        monitor.start(process.word(), wanted.size());
        try (NDManager loop = start.getManager().newSubManager()) {
            NDArray x = start;
            for (int i = 0; i < wanted.size(); i++) {
                monitor.checkCancelled();
                NetworkCall call = wanted.get(i);
                boolean moves = process.walks() && (i < wanted.size() - 1 || listener != null);
                // a sub-manager a timestep: only the moved latents leave it
                try (NDManager step = loop.newSubManager()) {
                    NDArray input = noise != null ? sampler.noised(x, noise, call) : x.duplicate();
                    input.attach(step);
                    NDArray output = denoiser.forward(input, call.timestep(), taps(call, consumer), moves);
                    if (moves && output != null) {
                        NDArray moved = sampler.step(input, output, call);
                        moved.attach(loop);
                        if (x != start) {
                            x.close();
                        }
                        x = moved;
                    }
                }
                if (listener != null) {
                    listener.after(call, x);
                }
                monitor.step(i + 1);
            }
        }
        monitor.end();
    }

    private List<NetworkCall> wantedCalls(boolean all) {
        if (!process.walks()) {
            return calls.stream()
                    .filter(call -> saveIndices.contains(call.saveIndex()))
                    .toList();
        }
        if (all) {
            return calls;
        }
        int last = calls.stream()
                .filter(call -> saveIndices.contains(call.saveIndex()))
                .mapToInt(NetworkCall::step)
                .max()
                .orElse(-1);
        return calls.subList(0, last + 1);
    }

    private FeatureTaps taps(NetworkCall call, FeatureConsumer consumer) {
        if (!saveIndices.contains(call.saveIndex())) {
            return FeatureTaps.NONE;
        }
        return new FeatureTaps() {
            @Override
            public boolean wants(int layer) {
                return layers.contains(layer);
            }

            @Override
            public void tap(int layer, NDArray feature) {
                consumer.accept(new FeatureKey(call.saveIndex(), layer), feature);
            }
        };
    }
}
