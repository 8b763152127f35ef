/** The command line {@code dhf}. */
@NullMarked
package io.github.dhf4j.cli;

import org.jspecify.annotations.NullMarked;
