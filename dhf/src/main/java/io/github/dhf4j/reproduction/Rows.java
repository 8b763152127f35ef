package io.github.dhf4j.reproduction;

import static io.github.dhf4j.reproduction.Table1Checkpoint.CATS;
import static io.github.dhf4j.reproduction.Table1Checkpoint.DHPF;
import static io.github.dhf4j.reproduction.Table1Checkpoint.DINO;
import static io.github.dhf4j.reproduction.Table1Checkpoint.DINOV2;
import static io.github.dhf4j.reproduction.Table1Checkpoint.MARCO;
import static io.github.dhf4j.reproduction.Table1Checkpoint.MARCO_DINOV2;
import static io.github.dhf4j.reproduction.Table1Checkpoint.RESNET;
import static io.github.dhf4j.reproduction.Table1Checkpoint.SECOND_MODEL;
import static io.github.dhf4j.reproduction.Table1Checkpoint.WEIGHTS;

import io.github.dhf4j.backbones.Dino;
import io.github.dhf4j.backbones.Dinov2;
import io.github.dhf4j.backbones.Hyperpixels;
import io.github.dhf4j.backbones.Marco;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.reproduction.Row.Figures;
import java.util.List;

/** The rows of the table. A new one is an entry here, and a constant of {@link Table1Checkpoint} if it needs a file. */
final class Rows {
    /** The row that the others are compared with. */
    static final String OURS = "Ours";

    /** The order of the paper's table, floors first; rows that it has not beside their kin. */
    static final List<Row> ALL = List.of(
            new Row("raw pixels (floor)", "pixels", Figures.NONE, Needs.NOTHING, Source.DIFFUSION, Recipes.PIXELS),
            new Row(
                    "same position (floor)",
                    "position",
                    Figures.NONE,
                    Needs.NOTHING,
                    Source.DIFFUSION,
                    Recipes.POSITION),
            new Row(
                    "random UNet, trained aggregator (floor)",
                    "random-unet",
                    Figures.NONE,
                    Needs.asked(inputs -> inputs.floors),
                    Source.RANDOM,
                    Recipes.trained("train-random-unet")),
            new Row(
                    "Ours, untrained (floor)",
                    "untrained",
                    Figures.NONE,
                    Needs.asked(inputs -> inputs.given(WEIGHTS) == null),
                    Source.DIFFUSION,
                    Recipes.UNTRAINED),
            new Row(
                    "DINO",
                    "dino",
                    Figures.NONE,
                    Needs.given(DINO),
                    Source.of("dino", DINO, Dino.paper()),
                    Recipes.RAW),
            new Row(
                    "DINOv2",
                    "dinov2",
                    Figures.NONE,
                    Needs.given(DINOV2),
                    Source.of("dinov2", DINOV2, Dinov2.paper()),
                    Recipes.RAW),
            new Row(
                    "ResNet-101 hyperpixels",
                    "hyperpixels",
                    Figures.NOT_IN_IT,
                    Needs.given(RESNET),
                    Source.of("resnet101", RESNET, Hyperpixels.paper()),
                    Recipes.CONCATENATION),
            new Row("DHPF", "dhpf", Figures.NONE, Needs.given(DHPF, RESNET), Source.NONE, PairRecipe.DHPF),
            new Row("CATs++", "catspp", Figures.NONE, Needs.given(CATS), Source.NONE, PairRecipe.CATS),
            new Row(
                    "DIFT",
                    "dift",
                    Figures.NOT_IN_IT,
                    Needs.option("--dift", inputs -> inputs.dift),
                    Source.DIFFUSION,
                    new DiftRecipe()),
            new Row(
                    "SD-Layer-4",
                    "sd-layer-4",
                    Figures.said("about 14 below Ours"),
                    Needs.NOTHING,
                    Source.DIFFUSION,
                    Recipes.LAYER_4),
            new Row(
                    "SD-Concat-All",
                    "sd-concat-all",
                    Figures.said("below SD-Layer-4"),
                    Needs.NOTHING,
                    Source.DIFFUSION,
                    Recipes.CONCATENATION),
            new Row(
                    "SD-Layer-4 + DINOv2",
                    "sd-dinov2",
                    Figures.NOT_IN_IT,
                    Needs.given(DINOV2),
                    Source.DIFFUSION,
                    Recipes.FUSION),
            new Row(
                    "SD components (SD + DINO's half)",
                    "sd-components",
                    Figures.NOT_IN_IT,
                    Needs.option("--sd-dino", inputs -> inputs.sdDino),
                    Source.DIFFUSION,
                    SdDinoRecipe::half),
            new Row(
                    "SD + DINO",
                    "sd-dino",
                    Figures.NOT_IN_IT,
                    Needs.given(DINOV2),
                    Source.DIFFUSION,
                    SdDinoRecipe::whole),
            new Row(OURS, "ours", new Figures("72.56 / 64.61", "82.29"), Needs.NOTHING, Source.DIFFUSION, Recipes.OURS),
            new Row(
                    "Ours, no key points",
                    "unlabelled",
                    Figures.NOT_IN_IT,
                    Needs.option("--unlabelled", inputs -> inputs.unlabelled),
                    Source.DIFFUSION,
                    Recipes.UNLABELLED),
            new Row(
                    "Ours-One-Step",
                    "ours-one-step",
                    Figures.said("5 or more below Ours"),
                    Needs.NOTHING,
                    Source.ONE_STEP,
                    Recipes.trainedBySeed("train-one-step")),
            new Row(
                    "SD-Layer-Pruned",
                    "sd-layer-pruned",
                    Figures.said("6 below Ours-Pruned"),
                    Needs.NOTHING,
                    Source.DIFFUSION,
                    Recipes.LAYER_PRUNED),
            new Row(
                    "Ours-Pruned",
                    "ours-pruned",
                    Figures.said("9 below Ours"),
                    Needs.NOTHING,
                    Source.DIFFUSION,
                    Recipes.PRUNED),
            new Row(
                    "Ours-SDv2-1",
                    "ours-second-model",
                    Figures.NONE,
                    Needs.given(SECOND_MODEL),
                    Source.of("diffusion", SECOND_MODEL, ExtractionSettings.inversion()),
                    Recipes.trained("train-second")),
            new Row(
                    "Ours over DINOv2",
                    "ours-dinov2",
                    Figures.NOT_IN_IT,
                    Needs.given(DINOV2),
                    Source.of("dinov2", DINOV2, Dinov2.paper().withLayers(List.of())),
                    Recipes.trained("train-over-dinov2")),
            new Row(
                    "MARCO",
                    "marco",
                    Figures.NOT_IN_IT,
                    Needs.given(MARCO, MARCO_DINOV2),
                    Source.adapted("dinov2", MARCO_DINOV2, MARCO, Marco.paper()),
                    Recipes.RAW));

    private Rows() {}
}
