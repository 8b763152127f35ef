package io.github.dhf4j.unlabelled;

import java.nio.file.Path;

/**
 * A picture of which nobody said where anything is.
 *
 * @param path its file
 * @param category what it shows; pictures are matched with others of their category only. One word for all where nothing is
 *     known
 */
public record UnlabelledPicture(Path path, String category) {}
