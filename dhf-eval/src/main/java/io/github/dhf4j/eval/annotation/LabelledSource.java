package io.github.dhf4j.eval.annotation;

import java.io.IOException;

/** Labelled pictures that can be gone through several times, one held at a time. */
@FunctionalInterface
public interface LabelledSource {
    /** Takes a picture. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes the next picture.
         *
         * @param image the picture
         * @throws IOException if what is made of it cannot be written
         */
        void visit(LabelledImage image) throws IOException;
    }

    /**
     * Goes through the pictures.
     *
     * @param visitor takes each
     * @throws IOException what the visitor throws, or if the pictures cannot be read
     */
    void forEach(Visitor visitor) throws IOException;

    /**
     * Pictures that are in memory.
     *
     * @param images the pictures
     * @return a view of them
     */
    static LabelledSource of(Iterable<LabelledImage> images) {
        return visitor -> {
            for (LabelledImage image : images) {
                visitor.visit(image);
            }
        };
    }
}
