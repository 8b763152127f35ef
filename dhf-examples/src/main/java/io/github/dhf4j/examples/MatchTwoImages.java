package io.github.dhf4j.examples;

import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.eval.picture.CorrespondencePicture;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds three points of one image in another and draws them: {@code MatchTwoImages a.jpg b.jpg matches.png}. Without
 * arguments, in two pictures that come with the library.
 */
public final class MatchTwoImages {
    private MatchTwoImages() {}

    /**
     * Runs the example.
     *
     * @param arguments two images, and the picture to be drawn
     * @throws IOException if an image cannot be read or the picture not be written
     */
    public static void main(String[] arguments) throws IOException {
        RgbImage source = image(arguments, 0, "car-1.png");
        RgbImage target = image(arguments, 1, "car-2.png");
        Path picture = Path.of(arguments.length > 2 ? arguments[2] : "matches.png");
        double width = source.width();
        double height = source.height();
        List<Point> points = List.of(
                new Point(0.4 * width, 0.45 * height),
                new Point(0.5 * width, 0.5 * height),
                new Point(0.6 * width, 0.55 * height));
        List<Correspondence> found = Hyperfeatures.of(source).match(target, points);
        found.forEach(System.out::println);
        CorrespondencePicture.write(source, target, found, picture);
        System.out.println("drawn: " + picture);
    }

    private static RgbImage image(String[] arguments, int index, String bundled) throws IOException {
        return arguments.length > index
                ? RgbImage.read(Path.of(arguments[index]))
                : RgbImage.read(Hyperfeatures.class.getResource("tiny/pair/" + bundled));
    }
}
