package io.github.dhf4j.eval.video;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.Size;

/**
 * How labels of a video's first frame go on to the others: each cell of a frame takes the labels of the cells nearest to it by
 * cosine, among those of the first frame and of a few frames before it that lie near its own place.
 *
 * <p>The nearest cells, of all these frames together, are weighted by {@code exp(cosine / temperature)}; what a frame hands on
 * are these means, not the masks that are drawn from them.
 *
 * <p>Source: Jabri et al., Space-Time Correspondence as a Contrastive Random Walk, 2020, as DINO's and DIFT's evaluation do it
 * (Tang et al., arXiv 2306.03881, section 6.3). Differs: how near is a share of the frame and not a number of cells, so that maps
 * of any size look equally far; masks are drawn at the frame's own pixels, not at the network's and then resized.
 *
 * @param frames how many frames right before, beside the first one, 0 or more
 * @param nearest how many cells, 1 or more
 * @param temperature above 0
 * @param reach how far to each side, down and across, as a share of the frame's shorter side, above 0
 */
public record LabelPropagation(int frames, int nearest, double temperature, double reach) {
    /** DIFT's numbers on Stable Diffusion: 28 frames, 15 cells, 0.2, and 15 cells of 8 pixels in frames of 480. */
    public static final LabelPropagation DIFT = new LabelPropagation(28, 15, 0.2, 0.25);

    /** DINO's numbers: 7 frames, 5 cells, 0.1, and 12 cells of 8 pixels in frames of 480. */
    public static final LabelPropagation DINO = new LabelPropagation(7, 5, 0.1, 0.2);

    /**
     * Checks the numbers.
     *
     * @param frames as above
     * @param nearest as above
     * @param temperature as above
     * @param reach as above
     */
    public LabelPropagation {
        if (frames < 0 || nearest < 1 || !(temperature > 0) || !(reach > 0) || Double.isInfinite(reach + temperature)) {
            throw new IllegalArgumentException(
                    "frames must be 0 or more, nearest 1 or more, temperature and reach above 0, got " + frames + ", "
                            + nearest + ", " + temperature + " and " + reach);
        }
    }

    /**
     * Begins a video.
     *
     * @param first descriptors of its first frame
     * @param mask which object each of its pixels belongs to, of the frame's size: 0 for none, 255 for what counts as none
     * @return what takes the frames that follow; the caller closes it
     */
    public Propagation begin(DescriptorMap first, IndexedImage mask) {
        return new Propagation(this, first, mask);
    }

    /** How many cells up and down a cell looks. */
    int rows(DescriptorMap map) {
        Size image = map.imageSize();
        double high = image.height() * (map.extent().bottom() - map.extent().top());
        return cells(image, high / map.size().height());
    }

    /** How many to the left and right. */
    int columns(DescriptorMap map) {
        Size image = map.imageSize();
        double wide = image.width() * (map.extent().right() - map.extent().left());
        return cells(image, wide / map.size().width());
    }

    private int cells(Size image, double cell) {
        return (int) Math.round(reach * Math.min(image.width(), image.height()) / cell);
    }
}
