/** One question a class; rivals as methods of one benchmark. Commands and figures are in benchmarks/README.md. */
@NullMarked
package io.github.dhf4j.benchmarks;

import org.jspecify.annotations.NullMarked;
