package io.github.dhf4j.eval.data;

/** What pairs are for. */
public enum Split {
    /** To train on. */
    TRAIN("train", "trn"),
    /** To choose by. */
    VALIDATION("validation", "val"),
    /** To report. */
    TEST("test", "test");

    private final String word;
    private final String spair;

    Split(String word, String spair) {
        this.word = word;
        this.spair = spair;
    }

    /** SPair-71k's name of the split. */
    String spair() {
        return spair;
    }

    @Override
    public String toString() {
        return word;
    }
}
