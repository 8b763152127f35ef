/** A server on this machine that answers as the hub does, for tests of who fetches, and programs that fetch from it. */
@NullMarked
package io.github.dhf4j.testing.hub;

import org.jspecify.annotations.NullMarked;
