package io.github.dhf4j.cli;

import java.nio.file.Path;
import java.util.List;

/** The nearest folder that holds all of several files. */
final class CommonFolder {
    private CommonFolder() {}

    static Path of(List<Path> files) {
        Path common = Path.of("").toAbsolutePath();
        boolean first = true;
        for (Path file : files) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            if (folder == null) {
                continue;
            }
            common = first ? folder : common;
            first = false;
            while (!folder.startsWith(common) && common.getParent() != null) {
                common = common.getParent();
            }
        }
        return common;
    }
}
