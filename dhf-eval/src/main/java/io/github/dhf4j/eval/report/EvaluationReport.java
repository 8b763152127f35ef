package io.github.dhf4j.eval.report;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.pck.Evaluation;
import io.github.dhf4j.eval.pck.EvaluationContext;
import io.github.dhf4j.eval.pck.EvaluationFiles;
import io.github.dhf4j.eval.pck.PointScore;
import io.github.dhf4j.eval.pck.ScoreTable;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.eval.picture.PairSheetPicture;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Texts;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code report.html}, one self-contained page, and {@code pairs.png}: the best, the median and the worst pairs. */
public final class EvaluationReport {
    private static final int EACH = 2;

    private EvaluationReport() {}

    /**
     * A further picture of the page.
     *
     * @param title over it
     * @param picture a PNG file
     */
    public record Figure(String title, Path picture) {}

    /**
     * Writes both.
     *
     * @param evaluation what to show
     * @param dataset the pairs it is of
     * @param thresholds what to score; the one nearest to 0.1 of the image tells hits from misses in the pictures
     * @param figures further pictures
     * @param folder where to write
     * @throws IOException if an image cannot be read or a file not be written
     */
    public static void write(
            Evaluation evaluation, PairDataset dataset, List<Threshold> thresholds, List<Figure> figures, Path folder)
            throws IOException {
        write(evaluation, dataset, thresholds, figures, EvaluationContext.NONE, folder);
    }

    /**
     * Writes both.
     *
     * @param evaluation what to show
     * @param dataset the pairs it is of
     * @param thresholds what to score; the one nearest to 0.1 of the image tells hits from misses in the pictures
     * @param figures further pictures
     * @param context what was run with what
     * @param folder where to write
     * @throws IOException if an image cannot be read or a file not be written
     */
    public static void write(
            Evaluation evaluation,
            PairDataset dataset,
            List<Threshold> thresholds,
            List<Figure> figures,
            EvaluationContext context,
            Path folder)
            throws IOException {
        Threshold threshold = thresholds.stream()
                .filter(one -> one.of() == Threshold.Of.IMG)
                .min(Comparator.comparingDouble(one -> Math.abs(one.alpha() - 0.1)))
                .orElse(new Threshold(0.1, Threshold.Of.IMG));
        BufferedImage sheet = PairSheetPicture.draw(rows(evaluation, dataset, threshold), threshold, context.note());
        byte[] png = PictureFiles.png(sheet);
        AtomicFiles.write(folder.resolve("pairs.png"), path -> Files.write(path, png));
        String page = page(evaluation, dataset, thresholds, figures, context, png);
        AtomicFiles.write(folder.resolve("report.html"), path -> Files.writeString(path, page));
    }

    static List<PairSheetPicture.Row> rows(Evaluation evaluation, PairDataset dataset, Threshold threshold) {
        Map<String, KeypointPair> pairs = new HashMap<>();
        dataset.pairs().forEach(pair -> pairs.put(pair.id(), pair));
        List<Map.Entry<String, List<PointScore>>> sorted =
                new ArrayList<>(evaluation.byPair().entrySet());
        sorted.sort(Comparator.comparingDouble((Map.Entry<String, List<PointScore>> entry) -> -share(entry, threshold))
                .thenComparing(Map.Entry::getKey));
        if (sorted.isEmpty()) {
            return List.of();
        }
        int last = sorted.size() - 1;
        int middle = last / 2;
        // outwards in, so that of few pairs the extremes come first; none is shown twice
        Map<Integer, String> chosen = new TreeMap<>();
        for (int i = 0; i < EACH; i++) {
            chosen.putIfAbsent(Math.min(i, last), "best");
            chosen.putIfAbsent(Math.max(last - i, 0), "worst");
            chosen.putIfAbsent(Math.min(middle + i, last), "median");
        }
        List<PairSheetPicture.Row> rows = new ArrayList<>();
        chosen.forEach((place, title) -> {
            KeypointPair pair = pairs.get(sorted.get(place).getKey());
            if (pair != null) {
                rows.add(new PairSheetPicture.Row(title, pair, sorted.get(place).getValue()));
            }
        });
        return rows;
    }

    private static double share(Map.Entry<String, List<PointScore>> pair, Threshold threshold) {
        return (double) pair.getValue().stream()
                        .filter(point -> point.hit(threshold))
                        .count()
                / pair.getValue().size();
    }

    private static String page(
            Evaluation evaluation,
            PairDataset dataset,
            List<Threshold> thresholds,
            List<Figure> figures,
            EvaluationContext context,
            byte[] sheet)
            throws IOException {
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escape(evaluation.method()))
                .append("</title><style>body{font:15px/1.5 sans-serif;margin:2em auto;max-width:1120px;padding:0 1em;")
                .append(
                        "color:#222}table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .8em;text-align:right;")
                .append(
                        "border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}img{max-width:100%}")
                .append("</style></head><body>\n<h1>")
                .append(escape(evaluation.method()))
                .append("</h1>\n<p>")
                .append(escape(ScoreTable.caption(evaluation)))
                .append("</p>\n");
        if (!context.note().isEmpty()) {
            html.append("<p><strong>")
                    .append(escape(Texts.sentence(context.note())))
                    .append("</strong></p>\n");
        }
        html.append("<h2>Scores</h2>\n");
        append(html, ScoreTable.overall(evaluation, thresholds));
        html.append("<h2>By category</h2>\n");
        append(html, ScoreTable.byCategory(evaluation, thresholds));
        ScoreTable twins = ScoreTable.twins(evaluation, thresholds);
        if (!twins.rows().isEmpty()) {
            html.append("<h2>Left for right, near for far</h2>\n");
            append(html, twins);
        }
        html.append("<h2>Best, median and worst pairs</h2>\n").append(image(sheet));
        for (Figure figure : figures) {
            html.append("<h2>").append(escape(figure.title())).append("</h2>\n");
            html.append(image(Files.readAllBytes(figure.picture())));
        }
        html.append("<h2>Settings</h2>\n");
        append(html, ScoreTable.settings(EvaluationFiles.settings(context)));
        if (!dataset.remarks().isEmpty()) {
            html.append("<h2>What the data set lacks</h2><ul>");
            dataset.remarks()
                    .forEach(
                            remark -> html.append("<li>").append(escape(remark)).append("</li>"));
            html.append("</ul>");
        }
        return html.append("</body></html>\n").toString();
    }

    private static String image(byte[] png) {
        return "<img alt=\"\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png) + "\">\n";
    }

    private static void append(StringBuilder html, ScoreTable table) {
        html.append("<table>");
        append(html, table.head(), "th");
        table.rows().forEach(row -> append(html, row, "td"));
        html.append("</table>\n");
    }

    private static void append(StringBuilder html, List<String> cells, String tag) {
        html.append("<tr>");
        for (String cell : cells) {
            html.append('<').append(tag).append('>').append(escape(cell));
            html.append("</").append(tag).append('>');
        }
        html.append("</tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
