package io.github.dhf4j.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code spark-submit} starts to describe pictures: {@link DescribeImages#to} as a program. */
@Command(
        name = "DescribeJob",
        mixinStandardHelpOptions = true,
        description = "Write the descriptors of pictures as Parquet; what is there already is left.")
public final class DescribeJob implements Callable<Integer> {
    @Option(
            names = "--images",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Folders, gone through with those in them, or files, on any file system that Hadoop knows.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--glob",
            paramLabel = "PATTERN",
            description = "Which names are pictures. Default: ${DEFAULT-VALUE}.",
            defaultValue = "*.{png,PNG,jpg,JPG,jpeg,JPEG,gif,GIF,bmp,BMP,ppm,PPM}")
    private String glob;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the Parquet files go.")
    private String out;

    @Option(
            names = "--storage",
            paramLabel = "TYPE",
            description = "float16, int8 or float32. Default: ${DEFAULT-VALUE}.",
            defaultValue = "float16")
    private String storage;

    @Option(names = "--model", description = "A path, owner/name on the hub, or spark-file:NAME.")
    private @Nullable String model;

    @Option(names = "--preset", description = "A published model with what matches by it, by its word.")
    private @Nullable String preset;

    @Option(names = "--weights", description = "Aggregation weights, named like the model.")
    private @Nullable String weights;

    @Option(names = "--unet", description = "Another UNet's weights, named like the model.")
    private @Nullable String unet;

    @Option(names = "--raw-layer", paramLabel = "K", description = "The raw map of a layer, in place of weights.")
    private @Nullable Integer rawLayer;

    @Option(names = "--raw-save-index", paramLabel = "S", description = "Save index of --raw-layer. Default: 10.")
    private @Nullable Integer rawSaveIndex;

    @Option(names = "--calls", paramLabel = "N|paper", description = "How many network calls an image takes.")
    private @Nullable String calls;

    @Option(
            names = "--dtype",
            description = "float32, float16 or bfloat16. Default: ${DEFAULT-VALUE}.",
            defaultValue = "float32")
    private String dtype;

    @Option(names = "--device", description = "cpu, gpu, gpu:1 or mps. Default: the first GPU, else the CPU.")
    private @Nullable String device;

    @Option(names = "--threads", paramLabel = "N", description = "Engine threads. Default: the executor's cores.")
    private @Nullable Integer threads;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pictures in the network at once. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int batch;

    @Option(
            names = "--images-per-task",
            paramLabel = "N",
            description = "Rows of a file, and what a lost task costs. Default: ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int imagesPerTask;

    private DescribeJob() {}

    /**
     * Runs the job in a session that {@code spark-submit} configures.
     *
     * @param arguments as {@code --help} says
     */
    public static void main(String[] arguments) {
        int code = new CommandLine(new DescribeJob()).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws IOException {
        PipelineRecipe recipe =
                new PipelineRecipe(model, weights, unet, preset, rawLayer, rawSaveIndex, calls, dtype, device, threads);
        try (SparkSession spark = SparkSession.builder().appName("dhf describe").getOrCreate()) {
            long began = System.nanoTime();
            DescribeReport report = new DescribeImages(spark, recipe)
                    .withStorage(MapStorage.of(storage))
                    .withBatch(batch)
                    .withImagesPerTask(imagesPerTask)
                    .to(
                            spark.read()
                                    .format("binaryFile")
                                    .option("pathGlobFilter", glob)
                                    .option("recursiveFileLookup", "true")
                                    .load(images.toArray(String[]::new)),
                            out);
            System.out.printf("%s; %.1f s in all%n", report, (System.nanoTime() - began) / 1e9);
        }
        return 0;
    }
}
