package io.github.dhf4j.diffusion.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TextFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures with captions, all at one size, in memory: a folder with {@code metadata.jsonl}, whose lines hold
 * {@code file_name} and {@code text}, as Hugging Face's image folders do.
 */
public final class CaptionedPictures {
    private final List<byte[]> pixels;
    private final List<String> captions;
    private final int side;
    private final String fingerprint;

    private CaptionedPictures(List<byte[]> pixels, List<String> captions, int side, String fingerprint) {
        this.pixels = pixels;
        this.captions = captions;
        this.side = side;
        this.fingerprint = fingerprint;
    }

    /**
     * Reads a folder.
     *
     * @param folder holds {@code metadata.jsonl} and the pictures
     * @param side pictures are resized to this square, as Pillow does it
     * @param monitor hears of progress, one step a picture
     * @return the pictures
     * @throws IOException naming the line or picture that cannot be read
     */
    public static CaptionedPictures read(Path folder, int side, RunMonitor monitor) throws IOException {
        Path list = folder.resolve("metadata.jsonl");
        if (!Files.isRegularFile(list)) {
            throw new IOException(
                    "folder of pictures must hold metadata.jsonl, got none (" + folder
                            + "); 'dhf render --pictures' writes one, or write a line {\"file_name\": ..., \"text\": ...} a picture");
        }
        TensorFile.lengthOf(list);
        List<String> lines = TextFiles.lines(list);
        List<byte[]> pixels = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        StringBuilder digests = new StringBuilder().append(side);
        monitor.start("reading pictures", lines.size());
        for (int i = 0; i < lines.size(); i++) {
            monitor.checkCancelled();
            if (!lines.get(i).isBlank()) {
                String where = list + " line " + (i + 1);
                JsonObject line;
                try {
                    line = Json.parseObject(lines.get(i));
                } catch (IOException e) {
                    throw new IOException("line must be a JSON object, got " + e.getMessage() + " (" + where + ")", e);
                }
                RgbImage image = RgbImage.read(folder.resolve(text(line, "file_name", where)));
                byte[] samples = PillowResize.resize(image, Size.square(side)).samples();
                pixels.add(samples);
                captions.add(text(line, "text", where));
                digests.append('\n').append(Digests.of(samples));
            }
            monitor.step(i + 1);
        }
        monitor.end();
        if (pixels.isEmpty()) {
            throw new IOException("list of pictures must have a line a picture, got none (" + list + ")");
        }
        return new CaptionedPictures(pixels, captions, side, Digests.of(digests.toString()));
    }

    private static String text(JsonObject line, String key, String where) throws IOException {
        JsonElement value = line.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IOException("line must have a text '" + key + "', got " + value + " (" + where + ")");
        }
        return value.getAsString();
    }

    /**
     * How many.
     *
     * @return 1 or more
     */
    public int size() {
        return pixels.size();
    }

    /**
     * The side of every picture.
     *
     * @return pixels
     */
    public int side() {
        return side;
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
        return fingerprint;
    }

    /** A digest of all captions. */
    String captionFingerprint() {
        return Digests.of(String.join("\n", captions));
    }

    /** Puts a square of a picture, rows of three bytes a pixel, into a batch. */
    void put(int index, int left, int top, int crop, ByteBuffer batch) {
        byte[] from = pixels.get(index);
        for (int y = 0; y < crop; y++) {
            batch.put(from, 3 * ((top + y) * side + left), 3 * crop);
        }
    }
}
