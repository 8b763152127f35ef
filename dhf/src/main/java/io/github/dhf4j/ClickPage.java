package io.github.dhf4j;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.eval.page.HtmlPage;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.OpenGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Describes pictures and makes the {@link HtmlPage} of them in which matches are found by pointing.
 *
 * <pre>{@code
 * new ClickPage(pipeline).add("cat", cat).add("dog", dog).write(Path.of("page.html"));
 * }</pre>
 */
public final class ClickPage {
    private final DescriptorPipeline pipeline;
    private final List<HtmlPage.Picture> pictures = new ArrayList<>();
    private final List<HtmlPage.Pin> pins = new ArrayList<>();
    private String title = "Point at a picture";
    private String note = "";
    private int single;

    /**
     * Begins a page.
     *
     * @param pipeline describes the pictures; borrowed
     */
    public ClickPage(DescriptorPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Adds a picture; two or more make a page.
     *
     * @param name what it is called there
     * @param image the picture
     * @return this
     */
    public ClickPage add(String name, RgbImage image) {
        pictures.add(new HtmlPage.Picture(name, image));
        return this;
    }

    /**
     * Pins points from the start.
     *
     * @param pin a point of a picture
     * @return this
     */
    public ClickPage pin(HtmlPage.Pin pin) {
        pins.add(pin);
        return this;
    }

    /**
     * Chooses what stands above the pictures.
     *
     * @param text the title
     * @param below a line below it, such as what the matches are not for; empty for none
     * @return this
     */
    public ClickPage title(String text, String below) {
        this.title = text;
        this.note = below;
        return this;
    }

    /**
     * Offers single feature maps beside their sum.
     *
     * @param count so many maps of the highest mixing weights; each makes the page larger by its cells times its channels
     * @return this
     * @throws IllegalArgumentException if the pipeline sums no maps by weights, or not as many
     */
    public ClickPage singleMaps(int count) {
        if (count != 0 && !(pipeline.aggregator() instanceof Aggregator)) {
            throw new IllegalArgumentException("single maps are of aggregation weights, got "
                    + pipeline.aggregator().name() + "; leave them out");
        }
        int all = pipeline.extractor().layout().maps();
        if (count < 0 || count > all) {
            throw new IllegalArgumentException("single maps must be 0 to " + all + ", got " + count);
        }
        this.single = count;
        return this;
    }

    /** A map by itself, of each picture. */
    private record Single(FeatureKey key, String network, double share, List<DescriptorMap> of) {
        String name() {
            return String.format(
                    Locale.ROOT,
                    "layer %d at save index %d%s, %.1f%% of the sum",
                    key.layer(),
                    key.saveIndex(),
                    network,
                    100 * share);
        }
    }

    private List<Single> heaviest() {
        List<Single> all = new ArrayList<>();
        if (pipeline.aggregator() instanceof Aggregator aggregator && single > 0) {
            AggregatorConfig config = aggregator.config();
            for (FeatureKey key : config.maps()) {
                String of = config.networks().size() == 1
                        ? ""
                        : " of " + config.networks().get(key.network()).modelId();
                all.add(new Single(key, of, aggregator.mixingWeight(key), new ArrayList<>()));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingDouble(one -> -one.share()))
                .limit(single)
                .toList();
    }

    /**
     * Describes the pictures, one after the other.
     *
     * @return the page
     * @throws IllegalArgumentException if there are fewer than two pictures, or a pin lies outside its picture
     * @throws java.util.concurrent.CancellationException if the pipeline's monitor cancels
     */
    public HtmlPage make() {
        List<Single> singles = heaviest();
        List<DescriptorMap> sums = new ArrayList<>();
        try (OpenGuard.Use use = pipeline.use()) {
            pictures.forEach(picture -> sums.add(describe(picture.image(), singles)));
        }
        List<HtmlPage.Maps> maps = new ArrayList<>();
        maps.add(new HtmlPage.Maps(singles.isEmpty() ? "descriptors" : "all maps together", sums));
        singles.forEach(one -> maps.add(new HtmlPage.Maps(one.name(), one.of())));
        return new HtmlPage(title, note, pictures, maps, pins);
    }

    private DescriptorMap describe(RgbImage image, List<Single> singles) {
        Size load = pipeline.extractor().loadSize();
        List<Size> size = List.of(image.size());
        try (DescriptorAccumulator sum = pipeline.aggregator().accumulator()) {
            pipeline.extractor()
                    .extract(
                            List.of(image),
                            (key, map) -> {
                                sum.accept(key, map);
                                singles.stream()
                                        .filter(one -> one.key().equals(key))
                                        .forEach(one -> one.of()
                                                .add(located(DescriptorMap.of(map, size, load)
                                                        .get(0))));
                            },
                            pipeline.monitor());
            return located(DescriptorMap.of(sum.descriptors(), size, load).get(0))
                    .withConfidence(pipeline.aggregator().confidence());
        }
    }

    private DescriptorMap located(DescriptorMap map) {
        return pipeline.extractor().placed(map);
    }

    /**
     * Describes the pictures and writes the page.
     *
     * @param path the file to be, .html
     * @throws IOException if it cannot be written; what was there before is left
     * @throws IllegalArgumentException as {@link #make}
     */
    public void write(Path path) throws IOException {
        make().write(path);
    }
}
