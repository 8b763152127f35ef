package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** What travels to executors. */
class PipelineRecipeTest {
    @Test
    void aRecipeTravelsWhole() throws Exception {
        PipelineRecipe recipe = PipelineRecipe.DEFAULT
                .withModel("owner/name")
                .withUnet("owner/unet/file.safetensors")
                .withRaw(4, 49)
                .withDtype("bfloat16")
                .withDevice("gpu:1")
                .withThreads(3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(recipe);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(recipe);
        }
        assertThat(recipe.key())
                .isEqualTo("{\"model\":\"owner/name\",\"unet\":\"owner/unet/file.safetensors\",\"raw_layer\":4,"
                        + "\"raw_save_index\":49,\"dtype\":\"bfloat16\"}");
    }

    @Test
    void whatCannotBeMeantIsRefusedOnTheDriver() {
        PipelineRecipe recipe = PipelineRecipe.DEFAULT;
        assertThatThrownBy(() -> recipe.withPreset("mine")).hasMessageContaining("'mine'");
        assertThat(recipe.withDtype("BFloat16").runtime())
                .isEqualTo(recipe.withDtype("bfloat16").runtime());
        assertThatThrownBy(() -> recipe.withDtype("int8")).hasMessageContaining("'int8'");
        assertThatThrownBy(() -> recipe.withDevice("tpu")).hasMessageContaining("'tpu'");
        assertThatThrownBy(() -> recipe.withCalls("many")).hasMessageContaining("'many'");
        assertThatThrownBy(() -> recipe.withThreads(0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new PipelineRecipe(null, null, null, null, null, 3, null, "float32", null, null))
                .hasMessageContaining("without one");
    }

    @Test
    void pipelinesThatDoNotOpenAreAskedAgain() {
        PipelineRecipe missing = SparkWorld.RECIPE.withModel("/nowhere/at/all");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> SharedPipelines.lease(missing)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theEngineHasTheExecutorsCores() {
        assertThat(EngineCores.of(new SparkConf(false).set("spark.master", "local[3]"), 8))
                .isEqualTo(3);
        assertThat(EngineCores.of(new SparkConf(false).set("spark.master", "local[3, 2]"), 8))
                .isEqualTo(3);
        assertThat(EngineCores.of(new SparkConf(false).set("spark.master", "local"), 8))
                .isEqualTo(1);
        assertThat(EngineCores.of(new SparkConf(false).set("spark.master", "local[*]"), 8))
                .isEqualTo(8);
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://a:7077");
        assertThat(EngineCores.of(cluster, 8)).isEqualTo(8);
        assertThat(EngineCores.of(cluster.set("spark.executor.cores", "4"), 8)).isEqualTo(4);
    }
}
