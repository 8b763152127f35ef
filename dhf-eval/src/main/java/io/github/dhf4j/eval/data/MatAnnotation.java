package io.github.dhf4j.eval.data;

import io.github.dhf4j.io.FileBytes;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/** A small MAT file of annotations; variables may lie at the top or in one structure. */
record MatAnnotation(Path path, MatFile file) {
    private static final long MAX_BYTES = 16_000_000;

    /** All of them in a folder and its categories, by name. */
    static List<Path> below(Path folder) throws IOException {
        return Folders.below(folder, 2).stream()
                .filter(file -> file.toString().endsWith(".mat"))
                .toList();
    }

    static MatAnnotation read(Path path) throws IOException {
        long length = FileBytes.lengthOf(path);
        if (length > MAX_BYTES) {
            throw new IOException("annotation must be below 16 MB, got " + length + " bytes (" + path + ")");
        }
        try {
            byte[] bytes = Files.readAllBytes(path);
            MatBounds.check(bytes);
            return new MatAnnotation(
                    path,
                    Mat5.newReader(Sources.wrap(bytes))
                            .disableSubsystemProcessing()
                            .readMat());
        } catch (RuntimeException | IOException e) {
            throw new IOException(
                    "annotation must be a MAT file of version 5 or 7, got " + Texts.reason(e) + " (" + path
                            + "); fetch the data set again",
                    e);
        }
    }

    boolean has(String name) {
        for (MatFile.Entry entry : file.getEntries()) {
            if (entry.getName().equals(name) || (entry.getValue() instanceof Struct struct && has(struct, name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(Struct struct, String name) {
        return struct.getNumElements() == 1 && struct.getFieldNames().contains(name);
    }

    /** A matrix; -1 for any number of rows or columns. */
    Matrix matrix(String name, int rows, int columns) throws IOException {
        for (MatFile.Entry entry : file.getEntries()) {
            Array value = entry.getValue();
            if (value instanceof Struct struct && has(struct, name)) {
                value = struct.get(name);
            } else if (!entry.getName().equals(name)) {
                continue;
            }
            if (value instanceof Matrix matrix
                    && (rows < 0 || matrix.getNumRows() == rows)
                    && (columns < 0 || matrix.getNumCols() == columns)) {
                return matrix;
            }
            throw new IOException("'" + name + "' must be a matrix of " + (rows < 0 ? "any" : rows) + " x "
                    + (columns < 0 ? "any" : columns) + ", got " + Texts.shown(value) + " (" + path
                    + "); fetch the data set again");
        }
        throw new IOException("annotation must have '" + name + "', got none (" + path + "); fetch the data set again");
    }
}
