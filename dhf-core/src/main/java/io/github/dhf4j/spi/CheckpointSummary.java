package io.github.dhf4j.spi;

import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.image.Size;

/**
 * What a checkpoint is, for people.
 *
 * @param loadSize what images are resized to where nothing else is asked for
 * @param mapSize cells of the finest map at that size
 * @param layout all layers with their widths
 * @param parameters how many numbers the network has
 * @param note what else is worth knowing, such as which of a file's networks is read; empty for nothing
 */
public record CheckpointSummary(Size loadSize, Size mapSize, FeatureLayout layout, long parameters, String note) {}
