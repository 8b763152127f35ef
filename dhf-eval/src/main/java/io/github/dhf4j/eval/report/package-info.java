/** An evaluation to look at: one page that opens in a browser. */
@NullMarked
package io.github.dhf4j.eval.report;

import org.jspecify.annotations.NullMarked;
