/** What the tests of all modules share: golden files, an extractor without a network, damaged files. Not published. */
@NullMarked
package io.github.dhf4j.testing;

import org.jspecify.annotations.NullMarked;
