package io.github.dhf4j.reproduction;

/**
 * A row of the table: what the paper says of it, what it needs, and how it is scored.
 *
 * @param name the paper's name
 * @param folder where the row's files lie
 * @param paper what the paper says of it
 * @param needs what must be given
 * @param over the network whose features it reads
 * @param recipe scores it, while the network is open
 */
record Row(String name, String folder, Figures paper, Needs needs, Source over, Recipe recipe) {
    /**
     * Figures of the paper.
     *
     * @param main PCK@0.1 img / bbox on SPair-71k, or what the text says where our sources have no figure
     * @param transfer PCK@0.1 img on CUB
     */
    record Figures(String main, String transfer) {
        static final Figures NONE = new Figures("", "");
        static final Figures NOT_IN_IT = said("not in it");

        static Figures said(String main) {
            return new Figures(main, "");
        }
    }

    /** Where the files of one training's seed lie. */
    String folder(int seed) {
        return seeded(folder, seed);
    }

    /** The name of something of one training's seed: its place among those that are run, 0 for the first. */
    static String seeded(String name, int seed) {
        return seed == 0 ? name : name + "-seed-" + (seed + 1);
    }
}
