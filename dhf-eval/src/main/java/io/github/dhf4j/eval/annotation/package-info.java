/**
 * Labels of pictures (key points, boxes, polygons, masks) and the forms that other tools keep them in: COCO, LabelMe, Label
 * Studio, CVAT, PNG masks, and JSON Lines of this library.
 */
@NullMarked
package io.github.dhf4j.eval.annotation;

import org.jspecify.annotations.NullMarked;
