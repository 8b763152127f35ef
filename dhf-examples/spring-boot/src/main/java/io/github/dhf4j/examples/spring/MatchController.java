package io.github.dhf4j.examples.spring;

import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.eval.picture.CorrespondencePicture;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Two pictures in, what matches out: points that are named, else mutual nearest neighbours. */
@RestController
final class MatchController {
    private final Hyperfeatures.Images images;
    private final MatchSlots slots;
    private final Uploads uploads;

    MatchController(Hyperfeatures.Images images, MatchSlots slots, Uploads uploads) {
        this.images = images;
        this.slots = slots;
        this.uploads = uploads;
    }

    /** A place in pixels; x right, y down. */
    record Place(double x, double y) {}

    /** A match as JSON has it. */
    record Match(Place source, Place target, double similarity, double confidence) {
        static Match of(Correspondence found) {
            return new Match(
                    new Place(found.source().x(), found.source().y()),
                    new Place(found.target().x(), found.target().y()),
                    found.similarity(),
                    found.confidence());
        }
    }

    /** The pictures of a request and what was found in them. */
    private record Found(RgbImage first, RgbImage second, List<Correspondence> matches) {}

    @PostMapping(path = "/match", produces = "application/json")
    List<Match> match(
            @RequestParam("first") MultipartFile first,
            @RequestParam("second") MultipartFile second,
            @RequestParam(name = "points", required = false) @Nullable String points)
            throws InterruptedException {
        return found(first, second, points).matches().stream().map(Match::of).toList();
    }

    @PostMapping(path = "/match.png", produces = "image/png")
    byte[] picture(
            @RequestParam("first") MultipartFile first,
            @RequestParam("second") MultipartFile second,
            @RequestParam(name = "points", required = false) @Nullable String points)
            throws InterruptedException, IOException {
        Found found = found(first, second, points);
        return PictureFiles.png(CorrespondencePicture.draw(found.first(), found.second(), found.matches()));
    }

    private Found found(MultipartFile first, MultipartFile second, @Nullable String points)
            throws InterruptedException {
        return slots.run(() -> {
            RgbImage a = uploads.picture(first);
            RgbImage b = uploads.picture(second);
            try {
                return new Found(
                        a,
                        b,
                        points == null
                                ? images.of(a).match(images.of(b))
                                : images.of(a).match(images.of(b), Uploads.points(points)));
            } catch (IllegalArgumentException e) {
                throw new Uploads.Refused(String.valueOf(e.getMessage()), e);
            }
        });
    }
}
