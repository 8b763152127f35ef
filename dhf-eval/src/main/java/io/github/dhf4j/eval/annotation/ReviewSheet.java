package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Texts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTML page of labelled pictures, those whose least sure part is the least sure first: what people look through before
 * they trust labels. Needs no network and no other file.
 */
public final class ReviewSheet {
    /** More would not open well: some 20 kB each. */
    private static final int MOST = 500;

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>${title}</title>
            <style>
            :root { color-scheme: light dark; }
            body { margin: 0 auto; max-width: 1400px; padding: 12px; font: 15px/1.45 system-ui, sans-serif; }
            h1 { font-size: 1.15rem; margin: 0 0 .2rem; }
            main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); gap: 14px; }
            figure { margin: 0; min-width: 0; }
            img { width: 100%; height: auto; border-radius: 4px; }
            figcaption { overflow-wrap: anywhere; font-size: .9rem; }
            ul { margin: 0; padding-left: 1.2em; }
            .low { font-weight: 600; }
            </style></head><body>
            <h1>${title}</h1>
            <p>${note}</p>
            <main>
            """;

    private ReviewSheet() {}

    /** A picture's place on the sheet. */
    private record Rank(int number, double worst) {}

    /**
     * Writes a sheet.
     *
     * @param images what is on it; gone through twice, one picture is held at a time
     * @param title over it
     * @param note below the title; empty for none
     * @param root the folder that pictures are named from
     * @param out the file to be, .html
     * @throws IOException if it cannot be written; a picture that cannot be read is a line on the sheet
     */
    public static void write(LabelledSource images, String title, String note, Path root, Path out) throws IOException {
        List<Rank> ranks = new ArrayList<>();
        images.forEach(image -> ranks.add(new Rank(ranks.size(), image.worst())));
        List<Rank> shown = ranks.stream()
                .sorted(Comparator.comparingDouble(Rank::worst).thenComparing(Rank::number))
                .limit(MOST)
                .toList();
        Map<Integer, Path> parts = new HashMap<>();
        shown.forEach(rank -> parts.put(rank.number(), Path.of(rank.number() + ".html")));
        Path folder = Files.createTempDirectory("dhf-review");
        try {
            int[] number = new int[1];
            images.forEach(image -> {
                Path part = parts.get(number[0]++);
                if (part != null) {
                    Files.writeString(folder.resolve(part), figure(image, image.nameFrom(root)));
                }
            });
            String counted = ranks.size() + " pictures, the least sure first"
                    + (ranks.size() > shown.size() ? "; the first " + shown.size() + " are shown" : "") + ". "
                    + Texts.sentence(note);
            AtomicFiles.write(out, temporary -> {
                try (BufferedWriter page = Files.newBufferedWriter(temporary)) {
                    page.write(HEAD.replace("${title}", escape(title)).replace("${note}", escape(counted)));
                    for (Rank rank : shown) {
                        append(page, folder.resolve(rank.number() + ".html"));
                    }
                    page.write("</main></body></html>\n");
                }
            });
        } finally {
            for (Rank rank : shown) {
                Files.deleteIfExists(folder.resolve(rank.number() + ".html"));
            }
            Files.delete(folder);
        }
    }

    private static void append(Writer page, Path part) throws IOException {
        if (Files.exists(part)) {
            page.write(Files.readString(part));
        }
    }

    private static String figure(LabelledImage image, String name) {
        StringBuilder html = new StringBuilder("<figure>");
        try {
            byte[] jpeg = PictureFiles.jpeg(LabelPicture.draw(RgbImage.read(image.path()), image));
            html.append("<img alt=\"\" loading=\"lazy\" src=\"data:image/jpeg;base64,")
                    .append(Base64.getEncoder().encodeToString(jpeg))
                    .append("\">");
        } catch (IOException e) {
            html.append("<p>").append(escape(Texts.reason(e))).append("</p>");
        }
        html.append("<figcaption>").append(escape(name));
        if (image.annotations().isEmpty()) {
            html.append("<br><span class=\"low\">nothing found</span>");
        }
        html.append("<ul>");
        for (Annotation annotation : image.annotations()) {
            html.append("<li>").append(escape(annotation.category()));
            if (annotation.hasRegion()) {
                html.append(' ').append(percent(annotation.confidence()));
            }
            annotation
                    .points()
                    .forEach((point, at) ->
                            html.append(", ").append(escape(point)).append(' ').append(percent(at.confidence())));
            html.append("</li>");
        }
        return html.append("</ul></figcaption></figure>\n").toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
