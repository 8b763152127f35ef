package io.github.dhf4j.examples;

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
    static final Table1Row LAYER_4 = new Table1Row("SD-Layer-4", "sd-layer-4", "about 14 below Ours", "");
    static final Table1Row CONCAT_ALL = new Table1Row("SD-Concat-All", "sd-concat-all", "below SD-Layer-4", "");
    static final Table1Row OURS = new Table1Row("Ours", "ours", "72.56 / 64.61", "82.29");
    static final Table1Row ONE_STEP = new Table1Row("Ours-One-Step", "ours-one-step", "5 or more below Ours", "");
    static final Table1Row LAYER_PRUNED =
            new Table1Row("SD-Layer-Pruned", "sd-layer-pruned", "6 below Ours-Pruned", "");
    static final Table1Row OURS_PRUNED = new Table1Row("Ours-Pruned", "ours-pruned", "9 below Ours", "");
    static final Table1Row SECOND = new Table1Row("Ours-SDv2-1", "ours-second-model", "", "");

    /** The order of the paper's table, floors first. */
    static final List<Table1Row> ORDER = List.of(
            PIXELS,
            POSITION,
            RANDOM,
            UNTRAINED,
            LAYER_4,
            CONCAT_ALL,
            OURS,
            ONE_STEP,
            LAYER_PRUNED,
            OURS_PRUNED,
            SECOND);

    /** Where the files of one training's seed lie. */
    String folder(int seed) {
        return seed == 0 ? folder : folder + "-seed-" + (seed + 1);
    }
}
