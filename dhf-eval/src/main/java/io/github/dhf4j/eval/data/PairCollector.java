package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a reader finds, keeps what can be used, and counts what cannot. Nothing is dropped without a remark, and
 * nothing is kept that stops a run in its middle: every image of the pairs is decoded once, on all cores.
 */
final class PairCollector {
    private static final int MAX_EXAMPLES = 5;
    private static final int MAX_REMARKS = 250;

    private record Candidate(
            KeypointPair pair,
            @Nullable Size source,
            @Nullable Size target) {}

    private record Count(int times, Set<String> examples) {}

    /** Of an image that can be decoded its size, of another one why not. */
    private record Looked(@Nullable Size size, String why) {}

    private final String name;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    PairCollector(String name) {
        this.name = name;
    }

    /** Counts something that was left out or is odd. */
    void remark(String what, String example) {
        Count before = counts.getOrDefault(what, new Count(0, Set.of()));
        Set<String> examples = new LinkedHashSet<>(before.examples);
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(example);
        }
        counts.put(what, new Count(before.times + 1, examples));
    }

    /** Says something of the data set as a whole. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** Counts an annotation that cannot be read. */
    void broken(Path annotation, IOException why) {
        remark("broken annotations left out", said(annotation, why));
    }

    void add(KeypointPair pair) {
        add(pair, null, null);
    }

    /** Takes a pair whose annotation says for which sizes of the images it holds. */
    void add(KeypointPair pair, @Nullable Size source, @Nullable Size target) {
        candidates.add(new Candidate(pair, source, target));
    }

    /** A box from its corners; null with a remark if it has no area. */
    @Nullable
    Box box(double left, double top, double right, double bottom, String where) {
        if (right > left && bottom > top && Double.isFinite(right - left + bottom - top)) {
            return new Box(left, top, right, bottom);
        }
        remark("boxes without area left out", where);
        return null;
    }

    /** Whether a pair can be used; if not, or if it is odd, with a remark. */
    private boolean check(Candidate candidate, Map<Path, Looked> looked) {
        KeypointPair pair = candidate.pair;
        if (pair.sourcePoints().isEmpty()) {
            remark("pairs without common points left out", pair.id());
            return false;
        }
        Size source = usable(pair.source(), looked);
        Size target = source == null ? null : usable(pair.target(), looked);
        if (source == null || target == null) {
            return false;
        }
        if (!fits(candidate.source, source) || !fits(candidate.target, target)) {
            remark(
                    "pairs annotated for images of another size left out",
                    fits(candidate.source, source)
                            ? pair.target() + " is " + target + ", annotated as " + candidate.target
                            : pair.source() + " is " + source + ", annotated as " + candidate.source);
            return false;
        }
        if (outside(pair.sourcePoints(), source) || outside(pair.targetPoints(), target)) {
            remark("pairs with points outside their image, which count at the border", pair.id());
        }
        return true;
    }

    private @Nullable Size usable(Path image, Map<Path, Looked> looked) {
        Looked look = looked.get(image);
        if (look == null) {
            remark("pairs with a missing image left out", image.toString());
            return null;
        }
        if (look.size == null) {
            remark("pairs with a broken image left out", look.why);
        }
        return look.size;
    }

    /** Height may come before width. */
    private static boolean fits(@Nullable Size annotated, Size size) {
        return annotated == null || annotated.equals(size) || annotated.equals(new Size(size.height(), size.width()));
    }

    private static boolean outside(List<Point> points, Size size) {
        return points.stream()
                .anyMatch(point ->
                        point.x() < 0 || point.y() < 0 || point.x() > size.width() || point.y() > size.height());
    }

    /** Decodes all images that are there. */
    private Map<Path, Looked> look() {
        Map<Path, Looked> looked = new ConcurrentHashMap<>();
        candidates.stream()
                .map(Candidate::pair)
                .filter(pair -> !pair.sourcePoints().isEmpty())
                .flatMap(pair -> Stream.of(pair.source(), pair.target()))
                .distinct()
                .toList()
                .parallelStream()
                .filter(Files::isRegularFile)
                .forEach(image -> looked.put(image, look(image)));
        return looked;
    }

    private static Looked look(Path image) {
        try {
            return new Looked(RgbImage.read(image).size(), "");
        } catch (IOException e) {
            return new Looked(null, said(image, e));
        }
    }

    private static String said(Path file, IOException e) {
        return file + ": "
                + Texts.reason(new IOException(String.valueOf(e.getMessage()).replace(" (" + file + ")", "")));
    }

    /** The data set, or an error where nothing can be used. */
    PairDataset finish(Path root) throws IOException {
        Map<Path, Looked> looked = look();
        List<KeypointPair> pairs = candidates.stream()
                .filter(candidate -> check(candidate, looked))
                .map(Candidate::pair)
                .toList();
        Path folder = Files.isDirectory(root) ? root : root.toAbsolutePath().getParent();
        Stream<String> counted = counts.entrySet().stream()
                .map(entry -> entry.getValue().times + " " + entry.getKey() + ", such as "
                        + String.join("; ", entry.getValue().examples));
        List<String> remarks = Stream.concat(notes.stream(), counted)
                .map(remark -> Texts.printable(remark.replace(folder + File.separator, "")))
                .toList();
        if (pairs.isEmpty()) {
            String all = remarks.isEmpty() ? "no pairs at all" : String.join("; ", remarks);
            throw new IOException("data set must have a pair that can be used, got none (" + root + "): "
                    + (all.length() > MAX_REMARKS ? all.substring(0, MAX_REMARKS - 3) + "..." : all));
        }
        return new PairDataset(name, pairs, remarks);
    }
}
