package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells which data set a folder or file is, and reads it. */
public final class PairDatasets {
    /** The forms that are known; the first one that recognises a data set reads it. */
    public static final List<PairReader> READERS = List.of(
            new Mp100(),
            new PairLists(),
            new SpairU(),
            new Ap10k(),
            new Spair71k(),
            new Tss(),
            new Cub200(),
            new PfPascalPairs(),
            new PfPascal(),
            new PfWillow());

    private PairDatasets() {}

    /**
     * Which pairs of a data set.
     *
     * @param split the split, where the data set has them
     * @param count how many pairs are drawn from data sets that annotate images and not pairs
     * @param seed which ones
     */
    public record Selection(Split split, int count, long seed) {}

    /**
     * Reads a data set of any form of {@link #READERS}.
     *
     * @param data the folder of one of the published data sets as distributed, a folder with
     *     {@code train.jsonl}, {@code validation.jsonl}, {@code test.jsonl}, or a list that ends in {@code .json} or
     *     {@code .jsonl}
     * @param images the folder of a list's images; null for the list's own folder, or, of a {@code .json}
     *     list, {@code images} in it
     * @param selection which pairs
     * @return the data set
     * @throws IOException if it is of no form that is known, or malformed
     */
    public static PairDataset read(Path data, @Nullable Path images, Selection selection) throws IOException {
        return read(data, images, selection, READERS);
    }

    /**
     * Reads a data set of one of several forms, such as one of a caller's own and those of this library.
     *
     * @param data a file or folder
     * @param images as {@link PairReader#read} takes them
     * @param selection which pairs
     * @param readers asked in this order; the first one that recognises the data reads it
     * @return the data set
     * @throws IOException if none of them recognises it, or it is malformed
     */
    public static PairDataset read(
            Path data, @Nullable Path images, Selection selection, List<? extends PairReader> readers)
            throws IOException {
        if (!Files.exists(data)) {
            throw new IOException("data set must exist, got no " + data + "; check the path");
        }
        for (PairReader reader : readers) {
            if (reader.recognises(data, selection.split())) {
                return reader.read(data, images, selection);
            }
        }
        throw new IOException("data set must be one of: "
                + readers.stream().map(PairReader::name).collect(Collectors.joining(", ")) + "; got none of them for "
                + selection.split() + " (" + data + "); name the folder that the archive unpacks to");
    }
}
