package io.github.dhf4j.eval.report;

import io.github.dhf4j.eval.pck.ConfidenceMeasure;
import io.github.dhf4j.eval.pck.Reliability;
import io.github.dhf4j.eval.picture.ConfidencePicture;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A {@link ConfidenceMeasure} as tables for people, one for programs, and a picture.
 *
 * @param measure what was measured
 * @param model of whose probabilities
 * @param fitted to what, in words
 * @param method by which checkpoint and weights, in words
 * @param note what the reader must know before any number; empty for nothing
 */
public record ConfidenceReport(
        ConfidenceMeasure measure, ConfidenceModel model, String fitted, String method, String note) {
    /** The names of what is written. */
    public static final List<String> NAMES = List.of("confidence.md", "confidence.csv", "confidence.png");

    /**
     * What matters, in two lines.
     *
     * @return calibration error, and how well what is not there is told
     */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "confidence: calibration error %.3f, AUROC of right against wrong %.2f, PCK@0.1 img %.1f of all points"
                        + " and %.1f of the surer half%n"
                        + "not there: AUROC %.2f of points asked together (calibration error %.3f), %.2f of a point by"
                        + " itself (%.3f)",
                measure.confidence().error(),
                measure.rightOfWrong(),
                100 * measure.pck(),
                100 * half(),
                measure.notThere().together(),
                measure.absenceTogether().error(),
                measure.notThere().alone(),
                measure.absenceAlone().error());
    }

    private double half() {
        List<ConfidenceMeasure.Coverage> coverage = measure.coverage();
        return coverage.get(coverage.size() / 2 - 1).pck();
    }

    /**
     * All tables.
     *
     * @return Markdown
     */
    public String markdown() {
        StringBuilder text = new StringBuilder("# Confidence: " + method + "\n\n");
        if (!note.isEmpty()) {
            text.append("**").append(Texts.sentence(note)).append("**\n\n");
        }
        text.append(String.format(
                Locale.ROOT,
                "%s. Measured on %s: %d points, and %d that are not in the second image.%n%n",
                fitted.substring(0, 1).toUpperCase(Locale.ROOT) + fitted.substring(1),
                measure.dataset(),
                measure.points(),
                measure.absent()));
        text.append(summary().replace("\n", "\n\n")).append("\n\n");
        ConfidenceMeasure.NotThere auroc = measure.notThere();
        text.append("| AUROC of \"not there\" | all | points of other categories | hidden points |\n");
        text.append("| --- | --- | --- | --- |\n");
        text.append(aurocs("asked together", auroc.together(), auroc.togetherOther(), auroc.togetherHidden()));
        text.append(aurocs("each by itself", auroc.alone(), auroc.aloneOther(), auroc.aloneHidden()));
        text.append('\n').append(bins("confidence", measure.confidence()));
        text.append('\n').append(bins("absence, asked together", measure.absenceTogether()));
        text.append('\n').append(bins("absence, each by itself", measure.absenceAlone()));
        text.append("\n| share of the points | least confidence | PCK@0.1 img |\n| --- | --- | --- |\n");
        for (ConfidenceMeasure.Coverage at : measure.coverage()) {
            text.append(String.format(
                    Locale.ROOT, "| %.0f%% | %.3f | %.1f |%n", 100 * at.share(), at.least(), 100 * at.pck()));
        }
        return text.append("\nCoefficients: `")
                .append(model.toJson())
                .append("`\n")
                .toString();
    }

    private static String aurocs(String name, double all, double other, double hidden) {
        return "| " + name + " | " + auroc(all) + " | " + auroc(other) + " | " + auroc(hidden) + " |\n";
    }

    private static String auroc(double value) {
        return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String bins(String name, Reliability reliability) {
        StringBuilder text =
                new StringBuilder("| " + name + " | points | said | came true |\n| --- | --- | --- | --- |\n");
        for (Reliability.Bin bin : reliability.bins()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %.1f to %.1f | %d | %.3f | %.3f |%n",
                    bin.from(),
                    bin.from() + 0.1,
                    bin.count(),
                    bin.said(),
                    bin.came()));
        }
        return text.toString();
    }

    /**
     * Reliability and coverage for programs: a line a bin, then a line a share, in shares of 1.
     *
     * @return CSV with a line of names
     */
    public String csv() {
        StringBuilder text = new StringBuilder("curve,at,points,said,came\n");
        append(text, "confidence", measure.confidence());
        append(text, "absence_together", measure.absenceTogether());
        append(text, "absence_alone", measure.absenceAlone());
        for (ConfidenceMeasure.Coverage at : measure.coverage()) {
            text.append(String.format(
                    Locale.ROOT,
                    "coverage,%.2f,%d,%.6f,%.6f%n",
                    at.share(),
                    Math.round(at.share() * measure.points()),
                    at.least(),
                    at.pck()));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String curve, Reliability reliability) {
        for (Reliability.Bin bin : reliability.bins()) {
            text.append(String.format(
                    Locale.ROOT, "%s,%.1f,%d,%.6f,%.6f%n", curve, bin.from(), bin.count(), bin.said(), bin.came()));
        }
    }

    /**
     * Writes {@link #NAMES}.
     *
     * @param folder made where it is missing
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve(NAMES.get(0)), path -> Files.writeString(path, markdown()));
        AtomicFiles.write(folder.resolve(NAMES.get(1)), path -> Files.writeString(path, csv()));
        ConfidencePicture.write(
                "how far probabilities come true: " + method, measure, note, folder.resolve(NAMES.get(2)));
    }
}
