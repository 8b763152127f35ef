package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairLists;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Pairs that took long to find, kept in a run's folder with a mark of what they were made of. */
final class KeptPairs {
    private KeptPairs() {}

    /** Finds pairs. */
    @FunctionalInterface
    interface Search {
        List<KeypointPair> find() throws IOException;
    }

    /** Those of an earlier call, if they were made of the same; as they are read, whether they are new or not. */
    static List<KeypointPair> of(Path folder, String name, String madeOf, Search search) throws IOException {
        Path list = folder.resolve(name);
        Path mark = folder.resolve(name + ".made-of.txt");
        String by = Digests.of(madeOf);
        if (!Files.exists(list)
                || !Files.exists(mark)
                || !TextFiles.read(mark).strip().equals(by)) {
            List<KeypointPair> found = search.find();
            Files.createDirectories(folder);
            PairLists.write(found, list);
            AtomicFiles.write(mark, path -> Files.writeString(path, by + "\n"));
        }
        return PairLists.read(list, folder).pairs();
    }
}
