package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Noised;
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
    private final UNet2DConditionModel unet;
    private final NoiseSchedule schedule;
    private final ExtractionProcess process;
    private final Set<Integer> layers;
    private final Set<Integer> saveIndices;

    /**
     * Prepares a loop.
     *
     * @param unet the network, loaded
     * @param schedule its noise schedule
     * @param settings the process, and the layers by number (not empty)
     * @throws IllegalArgumentException if the schedule cannot be walked so
     */
    public DiffusionProcess(UNet2DConditionModel unet, NoiseSchedule schedule, ExtractionSettings settings) {
        schedule.requireWalkable(settings.process());
        this.unet = unet;
        this.schedule = schedule;
        this.process = settings.process();
        this.layers = new HashSet<>(settings.layers());
        this.saveIndices = new HashSet<>(settings.saveIndices());
    }

    /**
     * Runs the loop.
     *
     * @param start (B, C, h, w): clean latents for inversion and noised, noise for generation; borrowed
     * @param noise what the noised process adds, (B or 1, C, h, w); borrowed; null otherwise
     * @param prompt conditioning of the prompt, borrowed
     * @param negative conditioning of the negative prompt, borrowed; null without guidance
     * @param consumer takes features
     * @param monitor hears of progress and can cancel
     * @param listener follows the latents and makes the loop run to its end; null for none
     */
    public void run(
            NDArray start,
            @Nullable NDArray noise,
            TextConditioning prompt,
            @Nullable TextConditioning negative,
            FeatureConsumer consumer,
            RunMonitor monitor,
            @Nullable LatentsListener listener) {
        List<NetworkCall> calls = wantedCalls(listener != null);
        monitor.start(process.word(), calls.size());
        try (NDManager loop = start.getManager().newSubManager()) {
            NDArray x = start;
            for (int i = 0; i < calls.size(); i++) {
                monitor.checkCancelled();
                NetworkCall call = calls.get(i);
                boolean moves = !(process instanceof Noised) && (i < calls.size() - 1 || listener != null);
                // a sub-manager a timestep: only the moved latents leave it
                try (NDManager step = loop.newSubManager()) {
                    NDArray input = noise != null
                            ? DiffusionOps.addNoise(x, noise, schedule.alphaCumprod(call.timestep()))
                            : x.duplicate();
                    input.attach(step);
                    NDArray output = unet.forward(input, call.timestep(), prompt, taps(call, consumer), moves);
                    if (moves && output != null) {
                        NDArray moved = move(input, guided(input, output, call, negative), call);
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

    private NDArray guided(NDArray input, NDArray cond, NetworkCall call, @Nullable TextConditioning negative) {
        if (negative == null || !(process instanceof Generation generation)) {
            return cond;
        }
        NDArray uncond = unet.forward(input, call.timestep(), negative, FeatureTaps.NONE, true);
        if (uncond == null) {
            throw new IllegalStateException("the network gave no output where one was needed");
        }
        return DiffusionOps.guide(uncond, cond, generation.guidance());
    }

    private NDArray move(NDArray x, NDArray output, NetworkCall call) {
        return DiffusionOps.ddimStep(
                x,
                output,
                schedule.alphaCumprod(call.timestep()),
                schedule.alphaCumprod(call.next()),
                schedule.vPrediction());
    }

    private List<NetworkCall> wantedCalls(boolean all) {
        List<NetworkCall> calls = NetworkCall.of(process, schedule.trainTimesteps());
        if (process instanceof Noised) {
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
