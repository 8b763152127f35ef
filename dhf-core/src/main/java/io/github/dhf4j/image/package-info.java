/**
 * Images to pixels: decoding, and Pillow's bilinear resize byte for byte. Begin at {@link io.github.dhf4j.image.RgbImage},
 * which reads an image in each form that a program may have of it. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.image;

import org.jspecify.annotations.NullMarked;
