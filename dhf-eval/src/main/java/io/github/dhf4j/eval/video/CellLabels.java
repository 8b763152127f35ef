package io.github.dhf4j.eval.video;

import io.github.dhf4j.feature.CellInterpolation;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.Size;

/**
 * How much of each label each cell of a map has.
 *
 * @param shares labels, nothing (0) first, each with a number a cell, row by row
 */
record CellLabels(float[][] shares) {
    /** Of masks this number counts as nothing. */
    static final int VOID = 255;

    /** Each cell has the label of the pixel at its centre. */
    static CellLabels of(IndexedImage mask, DescriptorMap map) {
        Size cells = map.size();
        Size pixels = mask.size();
        float[][] shares = new float[objects(mask) + 1][cells.width() * cells.height()];
        for (int row = 0, cell = 0; row < cells.height(); row++) {
            int y = pixel(row, cells.height(), map.extent().top(), map.extent().bottom(), pixels.height());
            for (int column = 0; column < cells.width(); column++, cell++) {
                int x = pixel(
                        column, cells.width(), map.extent().left(), map.extent().right(), pixels.width());
                shares[label(mask, y * pixels.width() + x)][cell] = 1;
            }
        }
        return new CellLabels(shares);
    }

    private static int pixel(int cell, int cells, double from, double to, int pixels) {
        double share = from + (cell + 0.5) / cells * (to - from);
        return (int) Math.max(0, Math.min(pixels - 1, Math.floor(share * pixels)));
    }

    /** The highest number of an object. */
    static int objects(IndexedImage mask) {
        int most = 0;
        for (int i = 0; i < mask.samples().length; i++) {
            most = Math.max(most, label(mask, i));
        }
        return most;
    }

    static int label(IndexedImage mask, int pixel) {
        int sample = mask.samples()[pixel] & 0xff;
        return sample == VOID ? 0 : sample;
    }

    /**
     * The label of each pixel: the one that has most there, after shares were interpolated and each label's were stretched to
     * 0 to 1.
     */
    IndexedImage mask(DescriptorMap map) {
        Size size = map.imageSize();
        CellInterpolation between = new CellInterpolation(map);
        byte[] labels = new byte[size.width() * size.height()];
        float[] most = new float[labels.length];
        float[] values = new float[labels.length];
        for (int label = 0; label < shares.length; label++) {
            for (int i = 0; i < values.length; i++) {
                values[i] = between.at(shares[label], i % size.width(), i / size.width());
            }
            stretch(values);
            for (int i = 0; i < values.length; i++) {
                if (label == 0 || values[i] > most[i]) {
                    most[i] = values[i];
                    labels[i] = (byte) label;
                }
            }
        }
        return new IndexedImage(size, labels);
    }

    /** To 0 at the least and 1 at the most; values that are all one stay, and so does a label that is nowhere. */
    private static void stretch(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        if (most > 0 && most > least) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - least) / (most - least);
            }
        }
    }
}
