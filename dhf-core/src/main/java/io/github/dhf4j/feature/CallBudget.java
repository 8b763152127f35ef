package io.github.dhf4j.feature;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How many calls of the network an inversion may take. Most of the paper's fifty only lead to the next whose maps are
 * kept; a walk that goes from one kept call to the next, or to every second or third of them, gives descriptors of the
 * same weights that match as well (docs/results.md). It is for weights that keep the maps of several calls.
 */
public final class CallBudget {
    /** Every call that the weights were trained with: the paper's walk, unless they name a shorter one. */
    public static final CallBudget PAPER = new CallBudget(0);

    /** The calls whose maps the weights know, and no others; the walk of the training where these are fewer than four. */
    public static final CallBudget SAVED = new CallBudget(Integer.MAX_VALUE);

    /** With fewer the walk's steps are so long that matches get worse. */
    private static final int ENOUGH = 4;

    private final int count;

    private CallBudget(int count) {
        this.count = count;
    }

    /**
     * A number of the calls whose maps the weights know: the first and others evenly spread, weighed among themselves.
     *
     * @param count 1 or more
     * @return the budget
     */
    public static CallBudget of(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("calls must be 1 or more, got " + count);
        }
        return new CallBudget(count);
    }

    /**
     * A budget in words, as options and files have it.
     *
     * @param text a number of calls, or {@code paper}
     * @return the budget
     * @throws IllegalArgumentException if it is neither
     */
    public static CallBudget of(String text) {
        if (text.equals(PAPER.toString())) {
            return PAPER;
        }
        try {
            return of(Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("calls must be 1 or more, or paper, got '" + text + "'", e);
        }
    }

    /**
     * The walk that keeps within the budget.
     *
     * @param settings those that weights were made for
     * @return the same with fewer save indices and calls; themselves where there is nothing to leave out
     * @throws IllegalArgumentException if a number of calls was chosen that is more than the weights know, or the process is
     *     no inversion
     */
    public ExtractionSettings of(ExtractionSettings settings) {
        if (settings.networks().size() > 1) {
            return ofEach(settings.networks());
        }
        List<Integer> known = settings.saveIndices();
        boolean inversion = settings.process() instanceof Inversion;
        if (equals(PAPER) || (equals(SAVED) && (!inversion || known.size() < ENOUGH))) {
            return settings;
        }
        if (!(settings.process() instanceof Inversion walk)) {
            throw new IllegalArgumentException("a number of calls is of an inversion, got the process "
                    + settings.process().word() + "; leave it out");
        }
        if (count > known.size() && !equals(SAVED)) {
            throw new IllegalArgumentException("calls must be 1 to " + known.size()
                    + ", of which the weights know maps, or paper for the walk of their training, got " + count);
        }
        int size = Math.min(count, known.size());
        List<Integer> kept = IntStream.range(0, size)
                .mapToObj(i -> known.get((i * known.size() + size - 1) / size))
                .toList();
        return settings.withProcess(walk.over(kept));
    }

    /** Of several networks those that have no calls of their own to leave out stay as they are, beside others that have. */
    private ExtractionSettings ofEach(List<ExtractionSettings> networks) {
        boolean any = networks.stream().anyMatch(each -> each.process() instanceof Inversion);
        return ExtractionSettings.joined(networks.stream()
                .map(each -> any && !(each.process() instanceof Inversion) ? each : of(each))
                .toList());
    }

    /**
     * How many calls are made, beside how many timesteps there are.
     *
     * @param process any
     * @return such as "11 of 50"; "" for one that has no calls of its own to make, such as the paper's walk
     */
    public static String words(ExtractionProcess process) {
        if (process instanceof Joined joined) {
            return joined.networks().stream()
                    .map(each -> words(each.process()))
                    .filter(words -> !words.isEmpty())
                    .collect(Collectors.joining(" + "));
        }
        return process instanceof Inversion walk && !walk.calls().isEmpty()
                ? walk.calls().size() + " of " + walk.timesteps()
                : "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallBudget budget && count == budget.count;
    }

    @Override
    public int hashCode() {
        return Integer.hashCode(count);
    }

    /** The number, "paper" or "saved". */
    @Override
    public String toString() {
        return equals(PAPER) ? "paper" : equals(SAVED) ? "saved" : String.valueOf(count);
    }
}
