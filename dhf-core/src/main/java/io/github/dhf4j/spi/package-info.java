/** What a module implements to be found by the front door through {@link java.util.ServiceLoader}. */
@NullMarked
package io.github.dhf4j.spi;

import org.jspecify.annotations.NullMarked;
