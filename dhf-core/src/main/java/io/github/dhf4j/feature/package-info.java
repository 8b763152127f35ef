/** Feature maps on their way from a network to a descriptor: what emits them, what keeps them, what sums them. */
@NullMarked
package io.github.dhf4j.feature;

import org.jspecify.annotations.NullMarked;
