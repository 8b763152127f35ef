package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files as they were when something was opened of them, so that a digest that is made later is of what was opened or of
 * nothing.
 */
public final class OpenedFiles {
    private record Version(long size, FileTime changed) {
        static Version of(Path path) throws IOException {
            return new Version(Files.size(path), Files.getLastModifiedTime(path));
        }
    }

    private final Map<Path, Version> versions = new LinkedHashMap<>();

    private OpenedFiles() {}

    /**
     * Looks at files, but not into them.
     *
     * @param files that are there
     * @return what was seen
     * @throws IOException if one is not there
     */
    public static OpenedFiles of(List<Path> files) throws IOException {
        OpenedFiles opened = new OpenedFiles();
        for (Path file : files) {
            opened.versions.put(file, Version.of(file));
        }
        return opened;
    }

    /**
     * The digests of all files' contents, in order.
     *
     * @return 64 hexadecimal digits each; files are read once for each size and time of change
     * @throws IOException if a file cannot be read any more, or was written anew since
     */
    public List<String> digests() throws IOException {
        List<String> digests = new ArrayList<>();
        for (Map.Entry<Path, Version> file : versions.entrySet()) {
            String digest = Digests.ofFile(file.getKey());
            if (!Version.of(file.getKey()).equals(file.getValue())) {
                throw new IOException("file must be as it was when it was opened, got one that was written since ("
                        + file.getKey() + "); open it again");
            }
            digests.add(digest);
        }
        return digests;
    }
}
