package io.github.dhf4j.data;

import java.util.List;
import java.util.regex.Pattern;

/** Names of parts that come in a left and a right one, or in a near and a far one. */
public final class SideNames {
    private static final Pattern SIDE = Pattern.compile("(?i)(?<![a-z])(left|right)(?![a-z])");

    private static final Pattern DEPTH = Pattern.compile("(?i)(?<![a-z])(near|far)(?![a-z])");

    private SideNames() {}

    /**
     * What the other of two like parts is called where they are told by how near they are, which a mirrored picture does not
     * change.
     *
     * @param name such as {@code front near hoof}
     * @return the name with near and far swapped where they are words of their own, else the name
     */
    static String otherInDepth(String name) {
        return DEPTH.matcher(name).replaceAll(found -> found.group().equalsIgnoreCase("near") ? "far" : "near");
    }

    /**
     * What a part is called in a mirrored picture.
     *
     * @param name such as {@code left ear}
     * @return the name with left and right swapped where they are words of their own, else the name
     */
    public static String swapped(String name) {
        return SIDE.matcher(name).replaceAll(found -> other(found.group()));
    }

    /**
     * The same of several.
     *
     * @param names of parts
     * @return one for each
     */
    public static List<String> swapped(List<String> names) {
        return names.stream().map(SideNames::swapped).toList();
    }

    private static String other(String side) {
        return switch (side) {
            case "left" -> "right";
            case "right" -> "left";
            case "Left" -> "Right";
            case "Right" -> "Left";
            default -> side.equalsIgnoreCase("left") ? "RIGHT" : "LEFT";
        };
    }
}
