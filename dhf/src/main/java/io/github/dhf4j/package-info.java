/** The front door: two images in, correspondences out. Start at {@link io.github.dhf4j.Hyperfeatures}. */
@NullMarked
package io.github.dhf4j;

import org.jspecify.annotations.NullMarked;
