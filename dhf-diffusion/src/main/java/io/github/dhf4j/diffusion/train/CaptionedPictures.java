package io.github.dhf4j.diffusion.train;

import com.google.gson.JsonElement;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.JsonLines;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.train.PictureSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures with captions, all at one size, in memory: a folder with {@code metadata.jsonl}, whose lines hold
 * {@code file_name} and {@code text}, as Hugging Face's image folders do.
 */
public final class CaptionedPictures {
    private final PictureSet pictures;
    private final List<String> captions;
    private final List<String> leftOut;

    private CaptionedPictures(PictureSet pictures, List<String> captions, List<String> leftOut) {
        this.pictures = pictures;
        this.captions = captions;
        this.leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads a folder.
     *
     * @param folder holds {@code metadata.jsonl} and the pictures
     * @param side pictures are resized to this square, as Pillow does it
     * @param monitor hears of progress, one step a picture
     * @return the pictures that can be read; {@link #leftOut} names the others
     * @throws IOException naming the line that cannot be read, or if no picture can be
     */
    public static CaptionedPictures read(Path folder, int side, RunMonitor monitor) throws IOException {
        Path list = folder.resolve("metadata.jsonl");
        if (!Files.isRegularFile(list)) {
            throw new IOException(
                    "folder of pictures must hold metadata.jsonl, got none (" + folder
                            + "); 'dhf render --pictures' writes one, or write a line {\"file_name\": ..., \"text\": ...} a picture");
        }
        List<JsonLines.Line> lines = JsonLines.read(list);
        PictureSet pictures = new PictureSet(side);
        List<String> captions = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Exception why = null;
        monitor.start("reading pictures", lines.size());
        for (int i = 0; i < lines.size(); i++) {
            monitor.checkCancelled();
            JsonLines.Line line = lines.get(i);
            String caption = text(line, "text");
            String file = text(line, "file_name");
            try {
                pictures.add(folder.resolve(file));
                captions.add(caption);
            } catch (IOException | InvalidPathException e) {
                leftOut.add(Texts.shown(file) + " (line " + line.number() + ")");
                why = why == null ? e : why;
            }
            monitor.step(i + 1);
        }
        monitor.end();
        if (pictures.size() == 0) {
            throw new IOException(
                    "list of pictures must have a line a picture that can be read, got "
                            + (why == null ? "none" : leftOut.size() + " broken ones, such as " + Texts.reason(why))
                            + " (" + list + "); mend the list or fetch the pictures again",
                    why);
        }
        return new CaptionedPictures(pictures, captions, leftOut);
    }

    private static String text(JsonLines.Line line, String key) throws IOException {
        JsonElement value = line.object().get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IOException("line must have a text '" + key + "', got " + Texts.shown(value) + " (" + line.where()
                    + "); mend the list");
        }
        return value.getAsString();
    }

    /**
     * How many.
     *
     * @return 1 or more
     */
    public int size() {
        return pictures.size();
    }

    /**
     * What the list names and could not be read: pictures that are missing, cut short or of another format.
     *
     * @return file and line of each, empty if nothing
     */
    public List<String> leftOut() {
        return leftOut;
    }

    /**
     * The side of every picture.
     *
     * @return pixels
     */
    public int side() {
        return pictures.side();
    }

    /**
     * What a picture shows.
     *
     * @param index of the picture
     * @return its caption
     */
    public String caption(int index) {
        return captions.get(index);
    }

    /**
     * All captions, in order.
     *
     * @return one a picture
     */
    public List<String> captions() {
        return List.copyOf(captions);
    }

    /** A digest of all pictures, not of their captions. */
    String fingerprint() {
        return pictures.fingerprint();
    }

    /** A digest of all captions. */
    String captionFingerprint() {
        return Digests.of(String.join("\n", captions));
    }

    /** Puts a square of a picture, rows of three bytes a pixel, into a batch. */
    void put(int index, int left, int top, int crop, ByteBuffer batch) {
        byte[] from = pictures.picture(index).samples();
        int side = pictures.side();
        for (int y = 0; y < crop; y++) {
            batch.put(from, 3 * ((top + y) * side + left), 3 * crop);
        }
    }
}
