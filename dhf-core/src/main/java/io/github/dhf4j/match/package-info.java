/** Points, correspondences and the seam behind which the matchers live. */
@NullMarked
package io.github.dhf4j.match;

import org.jspecify.annotations.NullMarked;
