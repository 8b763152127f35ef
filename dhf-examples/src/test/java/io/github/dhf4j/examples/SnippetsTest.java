package io.github.dhf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.google.gson.JsonObject;
import io.github.dhf4j.Described;
import io.github.dhf4j.DescribedImage;
import io.github.dhf4j.Descriptions;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.aggregation.AggregationParameters;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.aggregation.AggregatorWriter;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.djl.DescriptorCriteria;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.DenseField;
import io.github.dhf4j.matching.GeoAwareSoftArgMax;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.RobustFit;
import io.github.dhf4j.matching.SimilarityMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the Javadoc shows by {@code {@snippet}} runs; its other snippets are of the example programs. */
@Timeout(120)
class SnippetsTest {
    @TempDir
    static Path folder;

    private static Path first = Path.of("");
    private static Path second = Path.of("");

    @BeforeAll
    static void pictures() throws IOException {
        first = bundled("car-1.png");
        second = bundled("car-2.png");
    }

    @AfterAll
    static void free() {
        Hyperfeatures.closeDefault();
    }

    private static Path bundled(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Hyperfeatures.class.getResourceAsStream("tiny/pair/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    @Test
    void twoImagesAreMatched() throws IOException {
        // @start region="match"
        List<Correspondence> all = Hyperfeatures.of(first).match(second);
        List<Correspondence> some = Hyperfeatures.of(first).match(second, List.of(new Point(71.7, 38.9)));
        // @end
        assertThat(all).isNotEmpty();
        assertThat(some).hasSize(1);
    }

    @Test
    void networksAreJoined() throws IOException {
        Path sd = BundledCheckpoint.unpack();
        Path dinov2 = sd;
        Path weights = folder.resolve("joint.safetensors");
        ExtractionSettings settings = ExtractionSettings.oneStep().withLoadSize(96);
        AggregatorNetwork network = new AggregatorNetwork("any", null, settings.withLayers(List.of(7)), List.of(64));
        AggregatorConfig config = AggregatorConfig.of(List.of(network, network), 128, 12);
        try (NDManager manager = NDManager.newBaseManager()) {
            AggregatorWriter.safeTensors(
                    config, AggregationParameters.initial(config, 0, manager), new JsonObject(), weights);
        }
        // @start region="join"
        DescriptorPipelineBuilder both = DescriptorPipeline.join(
                DescriptorPipeline.builder().model(sd),
                DescriptorPipeline.builder().model(dinov2));
        try (DescriptorPipeline joint = both.weights(weights).build()) {
            List<Correspondence> found = Hyperfeatures.using(joint).of(first).match(second);
            // @end
            assertThat(found).isNotEmpty();
        }
    }

    @Test
    void criteriaLoadAModelOfDjls() throws Exception {
        Path checkpoint = BundledCheckpoint.unpack();
        Path weights = checkpoint.resolve("aggregator.safetensors");
        List<Image> images = List.of(
                ImageFactory.getInstance().fromFile(first),
                ImageFactory.getInstance().fromFile(second));
        // @start region="djl"
        Criteria<Image, DescriptorMap> criteria = DescriptorCriteria.builder()
                .optModelPath(checkpoint)
                .optArgument("weights", weights)
                .build();
        try (ZooModel<Image, DescriptorMap> model = criteria.loadModel();
                Predictor<Image, DescriptorMap> predictor = model.newPredictor()) {
            List<DescriptorMap> maps = predictor.batchPredict(images);
            List<Correspondence> found = Hyperfeatures.of(maps.get(0)).match(Hyperfeatures.of(maps.get(1)));
            // @end
            assertThat(found).isNotEmpty();
        }
    }

    @Test
    void imagesAreAskedOnAPipelineOfOnesOwn() throws IOException {
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
            // @start region="questions"
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            DescribedImage car = images.of(first);
            DescribedImage other = images.of(second);
            Point roof = new Point(71.7, 38.9);
            Point found = car.match(other, List.of(roof), MatchOptions.NEAREST.refined())
                    .get(0)
                    .target();
            List<Correspondence> candidates =
                    car.topMatches(other, List.of(roof), 3).get(0);
            SimilarityMap everywhere = car.similarity(other, roof);
            // @end
            found.requireWithin(other.descriptors().imageSize());
            assertThat(candidates).hasSize(3);
            assertThat(everywhere.source()).isEqualTo(roof);
        }
    }

    @Test
    void otherPlacesHaveASay() throws IOException {
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            DescribedImage car = images.of(first);
            DescribedImage other = images.of(second);
            List<Point> points = List.of(new Point(71.7, 38.9));
            // @start region="places"
            Placement placement = new Placement(GeoAwareSoftArgMax.PAPER, false, PlaneTransform.Kind.AFFINE, true);
            List<Correspondence> found = car.place(other, points, placement);
            DenseField field = car.field(other);
            Point there = field.at(points.get(0));
            Optional<RobustFit> fit = car.fit(other, PlaneTransform.Kind.AFFINE);
            List<Correspondence> inliers =
                    car.match(other).stream().filter(fit.orElseThrow()::agrees).toList();
            // @end
            assertThat(found).hasSize(1);
            assertThat(there.distanceTo(new Point(66.7, 38.7))).isLessThan(13);
            assertThat(inliers).hasSizeGreaterThan(20);
        }
    }

    @Test
    void aPipelineIsBuiltAndItsMapsAreKept() throws IOException {
        Path model = DescriptorPipeline.builder().checkpoint().path();
        Path weights = model.resolve("aggregator.safetensors");
        Path kept = folder.resolve("car.safetensors");
        // @start region="pipeline"
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(model).weights(weights).build()) {
            pipeline.describe(first).save(kept);
            DescribedImage car = Hyperfeatures.using(pipeline).of(DescriptorMap.load(kept));
            List<Correspondence> found = car.match(second);
            // @end
            assertThat(found).isNotEmpty();
        }
    }

    @Test
    void manyImagesAreDescribedOneByOne() throws IOException {
        List<Path> bad = new ArrayList<>();
        List<DescriptorMap> maps = new ArrayList<>();
        Files.writeString(folder.resolve("broken.png"), "no picture");
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
            // @start region="many"
            try (Stream<Path> files = Files.list(folder)
                            .filter(file -> file.toString().endsWith(".png"))
                            .sorted();
                    Descriptions<Path> all = pipeline.describeAll(files)) {
                while (all.hasNext()) {
                    Described<Path> one = all.next();
                    if (one.map() != null) {
                        maps.add(one.map());
                    } else {
                        bad.add(one.source()); // one.error() says why
                    }
                }
            }
            // @end
        }
        assertThat(maps).hasSize(2);
        assertThat(bad).containsExactly(folder.resolve("broken.png"));
    }
}
