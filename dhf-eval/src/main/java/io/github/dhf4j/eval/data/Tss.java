package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.io.FileBytes;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * TSS: folders {@code GROUP/PAIR} of the groups FG3DCar, JODS and PASCAL with {@code image1.png}, {@code image2.png} and where
 * each foreground pixel goes, {@code flow1.flo} and {@code flow2.flo}; both ways are a pair. Its score, the share of foreground
 * pixels within 0.05 of the longer side of the image that they go to, is PCK@0.05 img per image.
 *
 * <p>Source: Taniai, Sinha, Sato, Joint Recovery of Dense Correspondence and Cosegmentation, CVPR 2016. Differs: of a pair's
 * foreground pixels some are drawn by seed, {@value #POINTS} at most, instead of all; segmentation is not scored.
 */
public final class Tss implements PairReader {
    /** How many pixels of a pair are looked for. */
    static final int POINTS = 500;

    private static final List<String> GROUPS = List.of("FG3DCar", "JODS", "PASCAL");
    private static final String FOLDER = "TSS_CVPR2016";
    private static final float TAG = 202021.25f;
    private static final int HEAD = 12;
    private static final float UNKNOWN = 1e9f;

    /** Keeps nothing. */
    public Tss() {}

    @Override
    public String name() {
        return "TSS";
    }

    @Override
    public Known about() {
        return new Known(
                "foreground pixels of 400 pairs of three groups, both ways; " + POINTS + " of each are drawn",
                "https://taniai.space/projects/cvpr16_dccs",
                "research only, by the readme of its evaluation kit",
                FOLDER + " with {FG3DCar,JODS,PASCAL}/PAIR/{image1.png,image2.png,flow1.flo,flow2.flo}");
    }

    @Override
    public boolean recognises(Path data, Split split) throws IOException {
        return !folders(data).isEmpty();
    }

    private static List<Path> folders(Path data) throws IOException {
        Path root = Folders.inside(data, FOLDER);
        List<Path> folders = new ArrayList<>();
        for (String group : GROUPS) {
            if (Files.isDirectory(root.resolve(group))) {
                Folders.list(root.resolve(group)).stream()
                        .filter(folder ->
                                Files.exists(folder.resolve("flow1.flo")) || Files.exists(folder.resolve("flow2.flo")))
                        .forEach(folders::add);
            }
        }
        return folders;
    }

    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        PairCollector collector = new PairCollector("TSS, " + POINTS + " pixels a pair by seed " + selection.seed());
        int mirrored = 0;
        List<Path> folders = folders(data);
        for (Path folder : folders) {
            mirrored += isMirrored(folder) ? 1 : 0;
            for (int from = 1; from <= 2; from++) {
                Path flow = folder.resolve("flow" + from + ".flo");
                try {
                    collector.add(pair(folder, flow, from, selection.seed()));
                } catch (IOException e) {
                    collector.broken(flow, e);
                }
            }
        }
        if (mirrored > 0) {
            collector.note(mirrored + " of " + folders.size()
                    + " pairs show their things mirrored, which count as all others");
        }
        return collector.finish(data);
    }

    private static boolean isMirrored(Path folder) throws IOException {
        Path file = folder.resolve("flip_gt.txt");
        return Files.isRegularFile(file) && TextFiles.read(file).strip().startsWith("1");
    }

    private static KeypointPair pair(Path folder, Path file, int from, long seed) throws IOException {
        String group = folder.getName(folder.getNameCount() - 2).toString();
        String id = group + "/" + Texts.lastName(folder) + " " + from + " to " + (3 - from);
        ByteBuffer flow = flow(file);
        int width = flow.getInt(4);
        int[] known = known(flow);
        int[] order = SeededOrder.permutation(known.length, new Random(SeededOrder.mix(seed, id.hashCode())));
        List<Point> points = new ArrayList<>();
        List<Point> targets = new ArrayList<>();
        for (int i = 0; i < Math.min(POINTS, known.length); i++) {
            int pixel = known[order[i]];
            Point point = new Point(pixel % width, pixel / width);
            points.add(point);
            targets.add(new Point(
                    point.x() + flow.getFloat(HEAD + 8 * pixel), point.y() + flow.getFloat(HEAD + 8 * pixel + 4)));
        }
        return new KeypointPair(
                id,
                folder.resolve("image" + from + ".png"),
                folder.resolve("image" + (3 - from) + ".png"),
                points,
                targets,
                List.of(),
                group,
                null,
                null);
    }

    private static ByteBuffer flow(Path file) throws IOException {
        ByteBuffer flow = ByteBuffer.wrap(FileBytes.read(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (flow.limit() < HEAD
                || flow.getFloat(0) != TAG
                || flow.getInt(4) < 1
                || flow.getInt(8) < 1
                || flow.limit() != HEAD + 8L * flow.getInt(4) * flow.getInt(8)) {
            throw new IOException("flow must be 'PIEH', width, height and two numbers a pixel, got " + flow.limit()
                    + " bytes of something else (" + file + "); fetch it again");
        }
        return flow;
    }

    /** The pixels whose place is known. */
    private static int[] known(ByteBuffer flow) {
        int pixels = flow.getInt(4) * flow.getInt(8);
        int[] known = new int[pixels];
        int count = 0;
        for (int i = 0; i < pixels; i++) {
            float u = flow.getFloat(HEAD + 8 * i);
            float v = flow.getFloat(HEAD + 8 * i + 4);
            if (Math.abs(u) < UNKNOWN && Math.abs(v) < UNKNOWN) {
                known[count++] = i;
            }
        }
        return Arrays.copyOf(known, count);
    }
}
