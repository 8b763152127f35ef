/** One HTML page of pictures and their descriptors in which matches are found by pointing, with no server or network. */
@NullMarked
package io.github.dhf4j.eval.page;

import org.jspecify.annotations.NullMarked;
