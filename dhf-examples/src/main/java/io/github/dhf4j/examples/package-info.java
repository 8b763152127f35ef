/** The command line {@code dhf}, and example programs. */
@NullMarked
package io.github.dhf4j.examples;

import org.jspecify.annotations.NullMarked;
