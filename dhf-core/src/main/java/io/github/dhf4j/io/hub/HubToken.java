package io.github.dhf4j.io.hub;

import java.util.Optional;

/** What proves to the hub who asks. Printed nowhere, sent to the hub's own host only. */
public final class HubToken {
    private final String secret;

    private HubToken(String secret) {
        this.secret = secret;
    }

    /**
     * A token, without the line ends and spaces that files and variables have around it.
     *
     * @param text as it was found
     * @return empty if nothing is left
     */
    public static Optional<HubToken> of(String text) {
        String bare = text.replaceAll("[\r\n]", "").strip();
        // a header with other characters cannot be sent
        return bare.isEmpty() || !bare.chars().allMatch(letter -> letter > ' ' && letter < 127)
                ? Optional.empty()
                : Optional.of(new HubToken(bare));
    }

    String header() {
        return "Bearer " + secret;
    }

    /**
     * No secret.
     *
     * @return that there is one
     */
    @Override
    public String toString() {
        return "a token";
    }
}
