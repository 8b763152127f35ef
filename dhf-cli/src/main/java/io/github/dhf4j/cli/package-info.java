/**
 * The command line {@code dhf}: {@link io.github.dhf4j.cli.Dhf} and one class a command. Nothing here is for import; programs
 * begin at the front door, {@code io.github.dhf4j.Hyperfeatures}.
 */
@NullMarked
package io.github.dhf4j.cli;

import org.jspecify.annotations.NullMarked;
