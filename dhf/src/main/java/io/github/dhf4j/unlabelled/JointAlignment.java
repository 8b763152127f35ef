package io.github.dhf4j.unlabelled;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.train.SeededOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Poses in which pictures of one category look most alike, found together: each picture in turn is posed so that it agrees
 * best with the sum of all others as they are posed so far. What only some have in common, such as what is behind things, cancels
 * out of the sum. Any two pictures correspond by their poses, and the way over a third ends in the same place.
 *
 * <p>Source: congealing (Learned-Miller, Data Driven Image Models through Continuous Joint Alignment, PAMI 2006), of descriptors
 * as Huang, Jain and Learned-Miller have it (Unsupervised Joint Alignment of Complex Images, ICCV 2007). Differs: poses are of a
 * list that is tried through; a mirrored pose looks at the mirrored picture's own descriptors.
 *
 * @param poses a picture each
 * @param scores how well each agrees with the others; of one category to be compared
 * @param agreement of each cell of the template, how long the mean of the posed descriptors there is, 0 to 1
 */
record JointAlignment(List<Pose> poses, double[] scores, double[] agreement) {
    private static final int STARTS = 8;
    private static final int SWEEPS = 5;

    /** What a mirrored pose must be better by: a thing that is its own mirror image stays as it is. */
    private static final double MIRRORED = 0.93;

    private static final int CELLS = PlacelessMaps.CELLS;

    /**
     * Aligns.
     *
     * @param plain a map each picture, (cells, D)
     * @param mirrored of the same pictures' mirror images
     * @param seed of the order and of what is begun with
     */
    static JointAlignment of(List<float[]> plain, List<float[]> mirrored, long seed) {
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            Search search = new Search(plain, mirrored, manager);
            for (int start = 0; start < STARTS; start++) {
                search.run(new Random(SeededOrder.mix(seed, start)));
            }
            return search.best();
        }
    }

    /** Alignments from one start after the other; the best by its scores' sum is kept. */
    private static final class Search {
        private final List<Pose> all = Pose.all();
        private final int[][] cells = all.stream().map(Search::cells).toArray(int[][]::new);
        private final List<NDArray> pictures = new ArrayList<>(); // (2 cells, D), the mirror image's behind
        private final List<float[]> rows = new ArrayList<>(); // the same
        private final int channels;
        private final float[] template;
        private final int[] poses;
        private final double[] scores;
        private double bestSum = Double.NEGATIVE_INFINITY;
        private JointAlignment best = new JointAlignment(List.of(), new double[0], new double[0]);

        Search(List<float[]> plain, List<float[]> mirrored, NDManager manager) {
            channels = plain.get(0).length / CELLS;
            template = new float[CELLS * channels];
            poses = new int[plain.size()];
            scores = new double[plain.size()];
            for (int i = 0; i < plain.size(); i++) {
                float[] both = Arrays.copyOf(plain.get(i), 2 * template.length);
                System.arraycopy(mirrored.get(i), 0, both, template.length, template.length);
                rows.add(both);
                pictures.add(HostTensors.of(manager, both, new Shape(2L * CELLS, channels)));
            }
        }

        /** Of each cell of the template the row of a picture that is there in a pose; -1 outside. */
        private static int[] cells(Pose pose) {
            int side = PlacelessMaps.SIDE;
            int[] cells = new int[CELLS];
            for (int cell = 0; cell < CELLS; cell++) {
                double[] at = pose.place((cell % side + 0.5) / side - 0.5, (cell / side + 0.5) / side - 0.5);
                int x = (int) Math.floor((at[0] + 0.5) * side);
                int y = (int) Math.floor((at[1] + 0.5) * side);
                boolean inside = x >= 0 && y >= 0 && x < side && y < side;
                cells[cell] = inside ? y * side + x + (pose.mirrored() ? CELLS : 0) : -1;
            }
            return cells;
        }

        JointAlignment best() {
            return best;
        }

        void run(Random random) {
            int n = poses.length;
            int first = random.nextInt(n);
            Arrays.fill(template, 0);
            Arrays.fill(poses, -1);
            poses[first] = all.indexOf(Pose.UPRIGHT);
            add(first, 1);
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                for (int i : SeededOrder.permutation(n, random)) {
                    if (sweep > 0 || i != first) {
                        add(i, -1);
                        place(i);
                        add(i, 1);
                    }
                }
            }
            double sum = Arrays.stream(scores).sum();
            if (sum > bestSum) {
                bestSum = sum;
                best = new JointAlignment(
                        Arrays.stream(poses).mapToObj(all::get).toList(), scores.clone(), agreement());
            }
        }

        /** Adds a picture as it is posed to the template, or takes it away; nothing while it has no pose. */
        private void add(int picture, int sign) {
            if (poses[picture] < 0) {
                return;
            }
            float[] values = rows.get(picture);
            int[] at = cells[poses[picture]];
            for (int cell = 0; cell < CELLS; cell++) {
                for (int c = 0; c < channels && at[cell] >= 0; c++) {
                    template[cell * channels + c] += sign * values[at[cell] * channels + c];
                }
            }
        }

        private void place(int picture) {
            float[] products;
            try (NDManager work = pictures.get(picture).getManager().newSubManager()) {
                NDArray sum = HostTensors.of(work, template, new Shape(CELLS, channels));
                products = HostTensors.floats(sum.matMul(pictures.get(picture).transpose()));
            }
            scores[picture] = Double.NEGATIVE_INFINITY;
            for (int pose = 0; pose < cells.length; pose++) {
                double score = 0;
                int[] at = cells[pose];
                for (int cell = 0; cell < CELLS; cell++) {
                    score += at[cell] < 0 ? 0 : products[cell * 2 * CELLS + at[cell]];
                }
                score *= all.get(pose).mirrored() ? MIRRORED : 1;
                if (score > scores[picture]) {
                    scores[picture] = score;
                    poses[picture] = pose;
                }
            }
        }

        private double[] agreement() {
            double[] lengths = new double[CELLS];
            for (int cell = 0; cell < CELLS; cell++) {
                double squares = 0;
                for (int c = 0; c < channels; c++) {
                    squares += template[cell * channels + c] * (double) template[cell * channels + c];
                }
                lengths[cell] = Math.sqrt(squares) / poses.length;
            }
            return lengths;
        }
    }
}
