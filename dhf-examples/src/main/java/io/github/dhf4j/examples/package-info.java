/** Example programs: each is one file that shows one use of the library, to be read and copied. */
@NullMarked
package io.github.dhf4j.examples;

import org.jspecify.annotations.NullMarked;
