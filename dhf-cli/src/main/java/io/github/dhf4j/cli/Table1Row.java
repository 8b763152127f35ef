package io.github.dhf4j.cli;

import java.util.List;

/**
 * A row of the paper's Table 1, with what the paper says of it.
 *
 * @param name the paper's name
 * @param folder where the row's files lie
 * @param paper PCK@0.1 img / bbox on SPair-71k, or what the text says where our sources have no figure
 * @param paperTransfer PCK@0.1 img on CUB
 */
record Table1Row(String name, String folder, String paper, String paperTransfer) {
    static final Table1Row PIXELS = new Table1Row("raw pixels (floor)", "pixels", "", "");
    static final Table1Row POSITION = new Table1Row("same position (floor)", "position", "", "");
    static final Table1Row RANDOM = new Table1Row("random UNet, trained aggregator (floor)", "random-unet", "", "");
    static final Table1Row UNTRAINED = new Table1Row("Ours, untrained (floor)", "untrained", "", "");
    static final Table1Row DINO = new Table1Row("DINO", "dino", "", "");
    static final Table1Row DINOV2 = new Table1Row("DINOv2", "dinov2", "", "");
    static final Table1Row HYPERPIXELS = new Table1Row("ResNet-101 hyperpixels", "hyperpixels", "not in it", "");
    static final Table1Row DHPF = new Table1Row("DHPF", "dhpf", "", "");
    static final Table1Row CATS = new Table1Row("CATs++", "catspp", "", "");
    static final Table1Row DIFT = new Table1Row("DIFT", "dift", "not in it", "");
    static final Table1Row LAYER_4 = new Table1Row("SD-Layer-4", "sd-layer-4", "about 14 below Ours", "");
    static final Table1Row CONCAT_ALL = new Table1Row("SD-Concat-All", "sd-concat-all", "below SD-Layer-4", "");
    static final Table1Row OURS = new Table1Row("Ours", "ours", "72.56 / 64.61", "82.29");
    static final Table1Row ONE_STEP = new Table1Row("Ours-One-Step", "ours-one-step", "5 or more below Ours", "");
    static final Table1Row LAYER_PRUNED =
            new Table1Row("SD-Layer-Pruned", "sd-layer-pruned", "6 below Ours-Pruned", "");
    static final Table1Row OURS_PRUNED = new Table1Row("Ours-Pruned", "ours-pruned", "9 below Ours", "");
    static final Table1Row SECOND = new Table1Row("Ours-SDv2-1", "ours-second-model", "", "");
    static final Table1Row FUSION = new Table1Row("SD-Layer-4 + DINOv2", "sd-dinov2", "not in it", "");
    static final Table1Row OVER_DINOV2 = new Table1Row("Ours over DINOv2", "ours-dinov2", "not in it", "");

    /** The order of the paper's table, floors first; rows that it has not beside their kin. */
    static final List<Table1Row> ORDER = List.of(
            PIXELS,
            POSITION,
            RANDOM,
            UNTRAINED,
            DINO,
            DINOV2,
            HYPERPIXELS,
            DHPF,
            CATS,
            DIFT,
            LAYER_4,
            CONCAT_ALL,
            FUSION,
            OURS,
            ONE_STEP,
            LAYER_PRUNED,
            OURS_PRUNED,
            SECOND,
            OVER_DINOV2);

    /** Where the files of one training's seed lie. */
    String folder(int seed) {
        return seed == 0 ? folder : folder + "-seed-" + (seed + 1);
    }
}
