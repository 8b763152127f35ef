package io.github.dhf4j.eval.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A drawn thing: parts one over the other, later ones in front, and named key points on them. Coordinates run from
 * about -1 to 1, x right and y down, front to the right.
 */
final class Figure {
    /**
     * A part.
     *
     * @param surface what it is of, such as a tyre; parts of one surface look alike
     * @param texture parts that look alike share it
     * @param light brightness, less for what is on the far side
     */
    record Part(String surface, Shape shape, Texture texture, double light) {}

    /**
     * A key point.
     *
     * @param part the part that it is on: it can be seen where no later part covers it
     */
    record Keypoint(String name, double x, double y, int part) {}

    private final Random random;
    private final Map<String, Texture> textures = new HashMap<>();
    final List<Part> parts = new ArrayList<>();
    final List<Keypoint> keypoints = new ArrayList<>();

    Figure(Random random) {
        this.random = random;
    }

    /** A number between two. */
    double in(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Adds a part; the same surface is the same texture. */
    int part(String surface, Shape shape) {
        return part(surface, shape, 1);
    }

    int part(String surface, Shape shape, double light) {
        parts.add(new Part(surface, shape, textures.computeIfAbsent(surface, key -> new Texture(random)), light));
        return parts.size() - 1;
    }

    Figure point(String name, double x, double y, int part) {
        keypoints.add(new Keypoint(name, x, y, part));
        return this;
    }

    /** Which part is in front at a place, -1 for none. */
    int frontAt(double x, double y) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).shape().contains(x, y)) {
                return i;
            }
        }
        return -1;
    }

    /** A point can be seen where no later part covers it; at an outline it may lie just outside its own. */
    boolean shows(Keypoint point) {
        return frontAt(point.x(), point.y()) <= point.part();
    }
}
