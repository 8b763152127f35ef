/** Pictures to look at: correspondences, similarity heat maps, false colours of feature maps. */
@NullMarked
package io.github.dhf4j.eval.picture;

import org.jspecify.annotations.NullMarked;
