package io.github.dhf4j.diffusion.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scheduler configurations as they are found; alphas after diffusers' formulas, in double precision. */
class NoiseScheduleTest {
    private static final String BETAS =
            "\"beta_start\": 0.00085, \"beta_end\": 0.012, \"beta_schedule\": \"scaled_linear\"";

    @TempDir
    Path folder;

    private NoiseSchedule read(String members) throws IOException {
        Path path = folder.resolve("scheduler_config.json");
        Files.writeString(path, "{" + members + "}");
        return NoiseSchedule.read(path);
    }

    private void refused(String members, String... parts) {
        var assertion = assertThatThrownBy(() -> read(members)).isInstanceOf(IOException.class);
        for (String part : parts) {
            assertion.hasMessageContaining(part);
        }
        assertion.hasMessageContaining("scheduler_config.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012 | 0.999150000 | 0.673792625 | 0.056169848 | 0.004660099",
                "\"rescale_betas_zero_snr\": true, \"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012 | 0.999150000 | 0.652457015 | 0.032799118 | 0",
                "\"beta_schedule\": \"linear\" | 0.999900000 | 0.521423031 | 0.003300158 | 0.000040358",
                "\"rescale_betas_zero_snr\": true, \"prediction_type\": \"v_prediction\" | 0.999900000 | 0.518860537 | 0.002644106 | 0"
            })
    void alphasAreThoseOfDiffusers(String members, double first, double early, double late, double last)
            throws IOException {
        NoiseSchedule schedule = read("\"_class_name\": \"DDIMScheduler\", " + members);
        assertThat(schedule.alphaCumprod(-1)).isEqualTo(1);
        assertThat(schedule.alphaCumprod(0)).isCloseTo(first, within(1e-9));
        assertThat(schedule.alphaCumprod(250)).isCloseTo(early, within(1e-9));
        assertThat(schedule.alphaCumprod(750)).isCloseTo(late, within(1e-9));
        assertThat(schedule.alphaCumprod(999)).isCloseTo(last, within(1e-9));
        assertThat(schedule.alphaCumprod(999) == 0).isEqualTo(last == 0);
    }

    @Test
    void anotherNumberOfTrainingTimestepsIsKept() throws IOException {
        NoiseSchedule schedule = read(
                "\"_class_name\": \"PNDMScheduler\", \"num_train_timesteps\": 500, \"rescale_betas_zero_snr\": true, "
                        + BETAS);
        assertThat(schedule.trainTimesteps()).isEqualTo(500);
        assertThat(schedule.alphaCumprod(250)).isCloseTo(0.393049803, within(1e-9));
        assertThat(schedule.alphaCumprod(499)).isEqualTo(0);
    }

    @Test
    void aStepFromNoiseAloneIsFiniteWhereVIsPredicted() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray x = manager.create(new float[] {0.5f, -2});
            NDArray v = manager.create(new float[] {0.25f, 4});
            // nothing of the image is left: x is the noise, -v the image
            assertThat(DiffusionOps.ddimStep(x, v, 0, 0.64, true).toFloatArray())
                    .containsExactly(new float[] {0.6f * 0.5f - 0.8f * 0.25f, 0.6f * -2 - 0.8f * 4}, within(1e-6f));
        }
    }

    @Test
    void noiseThatSaysNothingIsNotWalkedFrom() throws IOException {
        NoiseSchedule noise = read("\"_class_name\": \"DDIMScheduler\", \"rescale_betas_zero_snr\": true, " + BETAS);
        NoiseSchedule v = read(
                "\"_class_name\": \"DDIMScheduler\", \"rescale_betas_zero_snr\": true, \"prediction_type\": \"v_prediction\", "
                        + BETAS);
        for (ExtractionProcess process : List.of(Inversion.PAPER, Generation.of(""), Noised.at(0))) {
            noise.requireWalkable(process.withTimesteps(50, List.of(0)));
            v.requireWalkable(process.withTimesteps(1000, List.of(0)));
        }
        noise.requireWalkable(Inversion.PAPER.withTimesteps(1000, List.of(0)));
        noise.requireWalkable(Noised.at(0));
        assertThatThrownBy(() -> noise.requireWalkable(Generation.of("").withTimesteps(1000, List.of(0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must pass over 999")
                .hasMessageContaining("got 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"clip_sample\": true, \"clip_sample_range\": 1.0, \"thresholding\": true, \"dynamic_thresholding_ratio\": 0.995",
                "\"timestep_spacing\": \"trailing\", \"steps_offset\": 1, \"set_alpha_to_one\": false, \"skip_prk_steps\": true",
                "\"use_karras_sigmas\": true, \"sigma_min\": 0.03, \"sigma_max\": 14.6, \"final_sigmas_type\": \"zero\"",
                "\"lambda_min_clipped\": -Infinity, \"algorithm_type\": \"dpmsolver++\", \"solver_order\": 2",
                "\"tensor_format\": \"pt\", \"predict_epsilon\": true",
                "\"use_flow_sigmas\": false, \"flow_shift\": 1.0, \"use_dynamic_shifting\": false, \"trained_betas\": null"
            })
    void whatOnlySamplersDoIsIgnored(String members) throws IOException {
        NoiseSchedule schedule = read("\"_class_name\": \"DPMSolverMultistepScheduler\", " + BETAS + ", " + members);
        assertThat(schedule.alphaCumprod(750)).isCloseTo(0.056169848, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"use_flow_sigmas\": true | 'use_flow_sigmas' must be absent, got true",
                "\"timestep_type\": \"continuous\" | 'timestep_type' must be discrete",
                "\"predict_epsilon\": false | 'predict_epsilon' must be true",
                "\"snr_shift_scale\": 3.0 | 'snr_shift_scale'",
                "\"shift\": 3.0 | 'shift'",
                "\"sigma_data\": 0.5 | 'sigma_data'",
                "\"prediction_type\": \"sample\" | 'prediction_type' must be one of",
                "\"prediction_type\": \"flow_prediction\" | 'prediction_type' must be one of",
                "\"trained_betas\": [0.1, 0.2] | 'trained_betas' must be null",
                "\"rescale_betas_zero_snr\": 1 | 'rescale_betas_zero_snr' must be true or false",
                "\"num_train_timesteps\": 1, \"rescale_betas_zero_snr\": true | 'rescale_betas_zero_snr' must be false",
                "\"num_train_timesteps\": 0 | betas must rise"
            })
    void whatChangesAlphasOrThePredictionIsRefusedByName(String members, String message) {
        refused("\"_class_name\": \"EulerDiscreteScheduler\", " + members, message);
    }

    @Test
    void theCosineScheduleIsRefusedByName() {
        refused(
                "\"_class_name\": \"DDIMScheduler\", \"beta_schedule\": \"squaredcos_cap_v2\"",
                "'beta_schedule' must be one of",
                "squaredcos_cap_v2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FlowMatchEulerDiscreteScheduler",
                "FlowMatchHeunDiscreteScheduler",
                "EDMEulerScheduler",
                "EDMDPMSolverMultistepScheduler",
                "CMStochasticIterativeScheduler",
                "ScoreSdeVeScheduler",
                "DDPMWuerstchenScheduler",
                "UnCLIPScheduler",
                "CogVideoXDDIMScheduler",
                "SCMScheduler"
            })
    void otherFamiliesAreRefusedByNameWithBetasOrWithout(String type) {
        refused("\"_class_name\": \"" + type + "\", \"num_train_timesteps\": 1000", "'_class_name'", type);
        refused("\"_class_name\": \"" + type + "\", " + BETAS, "'_class_name'", type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LCMScheduler",
                "TCDScheduler",
                "HeunDiscreteScheduler",
                "KDPM2DiscreteScheduler",
                "DPMSolverSDEScheduler"
            })
    void betasOfTheirOwnAreNotGuessed(String type) throws IOException {
        refused("\"_class_name\": \"" + type + "\"", "'beta_start' must be given for " + type);
        assertThat(read("\"_class_name\": \"" + type + "\", " + BETAS).alphaCumprod(750))
                .isCloseTo(0.056169848, within(1e-9));
    }

    @Test
    void betasOfNoSchedulerAreNotInvented() throws IOException {
        refused("\"num_train_timesteps\": 1000", "'beta_start' must be given, got nothing");
        refused("\"beta_start\": 0.001, \"beta_end\": null, \"beta_schedule\": \"linear\"", "'beta_end' must be given");
        assertThat(read(BETAS).alphaCumprod(750)).isCloseTo(0.056169848, within(1e-9));
    }

    @Test
    void everySchedulerThatDiffusersWritesIsReadOrNamed() throws IOException {
        JsonObject schedulers;
        try (var in = NoiseScheduleTest.class.getResourceAsStream("../configs.json")) {
            String text = new String(
                    java.util.Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            schedulers = Json.parseObject(text.replace("-Infinity", "null")).getAsJsonObject("schedulers");
        }
        int readable = 0;
        for (String type : schedulers.keySet()) {
            String members = schedulers.getAsJsonObject(type).toString();
            members = members.substring(1, members.length() - 1);
            if (schedulers.getAsJsonObject(type).has("trained_betas")
                    && !type.matches("CogVideoX.*|RePaint.*|IPNDM.*")) {
                assertThat(read(members).trainTimesteps()).as(type).isEqualTo(1000);
                readable++;
            } else {
                refused(members, type);
            }
        }
        assertThat(readable).isEqualTo(21);
    }
}
