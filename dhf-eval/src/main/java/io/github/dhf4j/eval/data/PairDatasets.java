package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells which data set a folder or file is, and reads it. */
public final class PairDatasets {
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
     * Reads a data set of any form that is known.
     *
     * @param data the folder of SPair-71k, CUB-200-2011, PF-PASCAL or PF-WILLOW, a folder with
     *     {@code train.jsonl}, {@code validation.jsonl}, {@code test.jsonl}, or a list that ends in {@code .json} or
     *     {@code .jsonl}
     * @param images the folder of a list's images; null for the list's own folder, or, of a {@code .json}
     *     list, {@code images} in it
     * @param selection which pairs
     * @return the data set
     * @throws IOException if it is of no form that is known, or malformed
     */
    public static PairDataset read(Path data, @Nullable Path images, Selection selection) throws IOException {
        if (Files.isRegularFile(data)) {
            return PairLists.read(data, images != null ? images : imagesBeside(data));
        }
        if (!Files.isDirectory(data)) {
            throw new IOException("data set must exist, got no " + data + "; check the path");
        }
        Path list = data.resolve(selection.split() + ".jsonl");
        if (Files.isRegularFile(list)) {
            return PairLists.read(list, images != null ? images : data);
        }
        if (Spair71k.is(data)) {
            return Spair71k.read(data, selection.split());
        }
        Path cub = data.resolve("CUB_200_2011");
        if (Cub200.is(data) || Cub200.is(cub)) {
            return Cub200.read(Cub200.is(data) ? data : cub, selection.split(), selection.count(), selection.seed());
        }
        if (PfPascal.is(data)) {
            return PfPascal.read(data, selection.count(), selection.seed());
        }
        if (PfWillow.is(data)) {
            return PfWillow.read(data, selection.count(), selection.seed());
        }
        throw new IOException("data set must be SPair-71k, CUB-200-2011, PF-PASCAL, PF-WILLOW, a folder with "
                + selection.split() + ".jsonl, or a .json or .jsonl list, got none of them (" + data
                + "); name the folder that the archive unpacks to");
    }

    private static Path imagesBeside(Path list) {
        Path folder = list.toAbsolutePath().getParent();
        Path root = folder == null ? Path.of(".") : folder;
        boolean authors = list.toString().endsWith(".json");
        return authors && Files.isDirectory(root.resolve("images")) ? root.resolve("images") : root;
    }
}
