package io.github.dhf4j.cli;

import io.github.dhf4j.ClickPage;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.backbones.SaliencyMap;
import io.github.dhf4j.backbones.VisionTransformerExtractor;
import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.eval.page.HtmlPage;
import io.github.dhf4j.eval.picture.CorrespondencePicture;
import io.github.dhf4j.eval.picture.HeatMapPicture;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.WindowSoftArgMax;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dhf match}. */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        description = {
            "Find the places of image B that mean the same as places of image A, and draw them.",
            "Without images, two bundled ones are matched at their key points. Without --points, the mutual nearest neighbours of all map cells are found."
        })
final class MatchCommand implements Callable<Integer> {
    private static final int PRINTED = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "A B",
            description = "Two images: PNG, JPEG, GIF, BMP or PPM; further ones are for --html alone.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--points",
            arity = "1..*",
            paramLabel = "x,y",
            converter = PointConverter.class,
            description = "Points of A, in its pixels; x right, y down.")
    private List<Point> points = new ArrayList<>();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--mutual", description = "Keep a point only if the way back from B leads to where it came from.")
    private boolean mutual;

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            description =
                    "Leave out matches that are less sure than this to lie within a tenth of the image, 0 to 1. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double minimum;

    @Mixin
    private PlacementOptions placing = new PlacementOptions();

    @Option(names = "--inliers", description = "Keep correspondences that agree with what --fit finds.")
    private boolean inliers;

    @Mixin
    private FieldOptions fields = new FieldOptions();

    @Option(names = "--sub-pixel", description = "The same as --localizer window.")
    private boolean subPixel;

    @Option(
            names = "--foreground",
            description =
                    "Keep correspondences of which both ends stand out by the class token's attention; with DINO's ViT-S only.")
    private boolean foreground;

    @Option(
            names = "--out",
            paramLabel = "PICTURE",
            description = "Where to draw: .png, .jpg, .gif or .bmp. Default: ${DEFAULT-VALUE}.",
            defaultValue = "dhf-match.png")
    private Path out;

    @Option(
            names = "--heat-map",
            paramLabel = "PICTURE",
            description = "Also draw how similar all of B is to the first point.")
    private @Nullable Path heatMap;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Also write the correspondences as JSON; - for standard output, and all else to standard error.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "PAGE",
            description =
                    "Also write a page in which one points at a place of an image and sees where it is in the others; one file that needs no network.")
    private @Nullable Path html;

    @Option(
            names = "--html-maps",
            paramLabel = "K",
            description = "In the page, offer the K maps of the highest mixing weights by themselves too.",
            defaultValue = "0")
    private int htmlMaps;

    @Override
    public Integer call() throws IOException {
        if (images.size() == 1) {
            throw new ParameterException(spec.commandLine(), "two images are needed, got one");
        }
        if (images.size() > 2 && html == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "two images are matched, got " + images.size() + "; more go into a page, which --html names");
        }
        if (htmlMaps != 0 && html == null) {
            throw new ParameterException(spec.commandLine(), "--html-maps is of a page; name it with --html");
        }
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new ParameterException(spec.commandLine(), "--min-confidence must be 0 to 1, got " + minimum);
        }
        if (inliers && placing.fit == null) {
            throw new ParameterException(
                    spec.commandLine(), "--inliers are those of a fit; give --fit AFFINE or --fit HOMOGRAPHY");
        }
        if (heatMap != null && points.isEmpty() && !images.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--heat-map needs a point, got none; give --points");
        }
        BundledPair pair = images.isEmpty() ? BundledPair.load() : null;
        RgbImage a = pair != null ? pair.source() : RgbImage.read(images.get(0));
        RgbImage b = pair != null ? pair.target() : RgbImage.read(images.get(1));
        List<Point> wanted = pair != null && points.isEmpty() ? pair.points() : points;
        PointConverter.requireInside(wanted, a.size());
        MatchOptions options = new MatchOptions(mutual || wanted.isEmpty(), localizer(), true);
        CommandLine command = spec.commandLine();
        PrintWriter print = Outputs.isStandard(json) ? command.getErr() : command.getOut();
        DescriptorPipelineBuilder builder = model.pipeline();
        if (foreground) {
            model.requireForeground();
        }
        try (DescriptorPipeline pipeline = builder.runtime(model.fast(print)).build()) {
            if (foreground) {
                foregroundOf(pipeline); // refused before the network runs
            }
            String note = RunSettings.note(builder);
            ClickPage page = html == null ? null : page(pipeline, a, b, wanted, note);
            Outputs.line(print, ModelOptions.walk(pipeline.extractor().settings()));
            Hyperfeatures.Images handles = Hyperfeatures.with(pipeline);
            MatchedPair matched = new MatchedPair(handles, a, b, placement());
            if (matched.isMirrored()) {
                print.println("A aligns better mirrored (--mirror)");
            }
            List<Correspondence> found = matched.match(wanted, options);
            if (foreground) {
                found = inForeground(found, pipeline, a, b);
            }
            int all = found.size();
            found = found.stream()
                    .filter(correspondence -> !(correspondence.confidence() < minimum))
                    .toList();
            if (found.size() < all) {
                print.printf(
                        "%d of %d left out, less sure than %s (--min-confidence)%n", all - found.size(), all, minimum);
            }
            FitReport fit = FitReport.of(placing.fit, matched);
            if (inliers) {
                found = fit.agreeing(found);
            }
            Outputs.line(print, fit.sentence(found));
            found.stream().limit(PRINTED).forEach(correspondence -> print.println(correspondence));
            if (found.size() > PRINTED) {
                print.println("... and " + (found.size() - PRINTED) + " more");
            }
            CorrespondencePicture.write(a, b, found, note, out);
            print.printf("%d correspondences, drawn in %s%n", found.size(), out);
            if (heatMap != null) {
                HeatMapPicture.write(matched.first(), b, matched.similarity(wanted.get(0)), note, heatMap);
                print.println("similarity to the first point, drawn in " + heatMap);
            }
            if (fields.isWanted()) {
                fields.write(matched.first(), b, matched.field(), note, print);
            }
            if (html != null && page != null) {
                page.write(html);
                print.println("page to point at, written to " + html);
            }
            if (json != null) {
                Map<String, String> settings =
                        RunSettings.of(builder, pipeline.extractor(), pipeline.aggregator(), placement());
                String method = RunSettings.method(builder, pipeline.extractor(), pipeline.aggregator());
                new MatchJson(method, pipeline.isBundled(), settings)
                        .images(a, name(0, "bundled"), b, name(1, "bundled"))
                        .fit(fit)
                        .write(found, json);
                print.println("written as JSON to " + (Outputs.isStandard(json) ? "standard output" : json));
            }
        }
        return 0;
    }

    private ClickPage page(DescriptorPipeline pipeline, RgbImage a, RgbImage b, List<Point> wanted, String note)
            throws IOException {
        ClickPage page =
                new ClickPage(pipeline).title("Point at a picture", note).singleMaps(htmlMaps);
        page.add(name(0, "first"), a).add(name(1, "second"), b);
        for (Path further : images.stream().skip(2).toList()) {
            page.add(RunSettings.name(further), RgbImage.read(further));
        }
        wanted.forEach(point -> page.pin(new HtmlPage.Pin(0, point)));
        return page;
    }

    /** As it was given, or a word for a bundled one. */
    private String name(int image, String bundled) {
        return images.isEmpty() ? bundled : RunSettings.name(images.get(image));
    }

    private static VisionTransformerExtractor foregroundOf(DescriptorPipeline pipeline) {
        if (pipeline.extractor() instanceof VisionTransformerExtractor extractor) {
            extractor.requireSaliency();
            return extractor;
        }
        throw new IllegalArgumentException(
                "--foreground needs DINO's ViT-S, got " + pipeline.extractor().name());
    }

    private static List<Correspondence> inForeground(
            List<Correspondence> found, DescriptorPipeline pipeline, RgbImage a, RgbImage b) {
        VisionTransformerExtractor extractor = foregroundOf(pipeline);
        SaliencyMap ofA = extractor.saliency(a);
        SaliencyMap ofB = extractor.saliency(b);
        return found.stream()
                .filter(match -> ofA.at(match.source()) > SaliencyMap.FOREGROUND
                        && ofB.at(match.target()) > SaliencyMap.FOREGROUND)
                .toList();
    }

    private Localizer localizer() {
        return subPixel ? WindowSoftArgMax.ONE_CELL : placing.localizer();
    }

    private Placement placement() {
        return placing.placement().with(localizer());
    }
}
