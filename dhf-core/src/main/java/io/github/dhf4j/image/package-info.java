/** Images to pixels: decoding, and Pillow's bilinear resize byte for byte. */
@NullMarked
package io.github.dhf4j.image;

import org.jspecify.annotations.NullMarked;
