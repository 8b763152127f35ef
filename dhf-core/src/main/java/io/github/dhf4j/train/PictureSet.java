package io.github.dhf4j.train;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Pictures that a network is trained on, all at one size, in memory. */
public final class PictureSet {
    private final int side;
    private final List<RgbImage> pictures = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final StringBuilder digests;

    /**
     * A set without pictures.
     *
     * @param side pictures are resized to this square, as Pillow does it
     */
    public PictureSet(int side) {
        this.side = side;
        digests = new StringBuilder().append(side);
    }

    /**
     * Reads files.
     *
     * @param files pictures; their order is part of a run
     * @param side as above
     * @param monitor hears of progress, one step a picture
     * @return the pictures that can be read; {@link #leftOut} names the others
     * @throws IOException if none can be
     */
    public static PictureSet read(List<Path> files, int side, RunMonitor monitor) throws IOException {
        PictureSet set = new PictureSet(side);
        IOException why = null;
        monitor.start("reading pictures", files.size());
        for (Path file : files) {
            monitor.checkCancelled();
            try {
                set.add(file);
            } catch (IOException e) {
                set.leftOut.add(file.toString());
                why = why == null ? e : why;
            }
            monitor.step(set.size() + set.leftOut.size());
        }
        monitor.end();
        if (set.size() == 0) {
            throw new IOException(
                    "pictures must be some that can be read, got "
                            + (why == null ? "none" : set.leftOut.size() + " broken ones, such as " + Texts.reason(why))
                            + "; name other files",
                    why);
        }
        return set;
    }

    /**
     * Reads one more.
     *
     * @param file a picture
     * @throws IOException if it cannot be read, which leaves the set as it was
     */
    public void add(Path file) throws IOException {
        RgbImage picture = PillowResize.resize(RgbImage.read(file), Size.square(side));
        pictures.add(picture);
        digests.append('\n').append(Digests.of(picture.samples()));
    }

    /**
     * How many.
     *
     * @return 0 or more
     */
    public int size() {
        return pictures.size();
    }

    /**
     * The files that {@link #read} could not read: cut short or of another format.
     *
     * @return as they were named, empty if none
     */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
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
     * A digest of all pictures.
     *
     * @return of their samples and their side
     */
    public String fingerprint() {
        return Digests.of(digests.toString());
    }

    /**
     * One of them.
     *
     * @param index of the picture
     * @return the picture, of the set's size
     */
    public RgbImage picture(int index) {
        return pictures.get(index);
    }
}
