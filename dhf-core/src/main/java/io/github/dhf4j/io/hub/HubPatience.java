package io.github.dhf4j.io.hub;

import java.time.Duration;

/**
 * How long the hub is waited for.
 *
 * @param answer for a connection, and for the first byte of an answer
 * @param silence between two bytes
 * @param tries of a request that was answered "later", or that broke without a byte more than before
 * @param pause after the first of them; twice as long after each further one
 * @param longestPause at most, also where the server asks for more
 */
public record HubPatience(Duration answer, Duration silence, int tries, Duration pause, Duration longestPause) {
    /** What suits people: some two minutes altogether before a busy server is given up. */
    public static final HubPatience STANDARD = new HubPatience(
            Duration.ofSeconds(20), Duration.ofSeconds(30), 6, Duration.ofSeconds(1), Duration.ofSeconds(60));

    HubPatience once() {
        return new HubPatience(answer, silence, 1, pause, longestPause);
    }

    /** The pause before a further try, which the server may have named. */
    Duration pause(int tried, Duration asked) {
        Duration own = pause.multipliedBy(1L << Math.min(tried, 10));
        Duration wanted = asked.isZero() ? own : asked;
        return wanted.compareTo(longestPause) > 0 ? longestPause : wanted;
    }
}
