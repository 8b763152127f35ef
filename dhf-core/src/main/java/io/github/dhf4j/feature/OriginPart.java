package io.github.dhf4j.feature;

import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One half of a {@link DescriptorOrigin}: a name for people, and a digest that tells it from others. The digest is made
 * when it is first asked for, since a checkpoint's takes seconds a gigabyte; parts that are one object need none. Safe
 * for several threads.
 */
public final class OriginPart {
    private static final Logger LOG = LoggerFactory.getLogger(OriginPart.class);

    private final String name;
    private final List<OriginPart> joined;
    private @Nullable Source source;
    private @Nullable String digest;

    /** Makes a digest. */
    @FunctionalInterface
    public interface Source {
        /**
         * The digest of what descriptors are a function of.
         *
         * @return such as hexadecimal digits
         * @throws IOException if what it is of cannot be read any more
         */
        String digest() throws IOException;
    }

    private OriginPart(String name, List<OriginPart> joined, @Nullable Source source, @Nullable String digest) {
        this.name = Texts.shown(name);
        this.joined = joined;
        this.source = source;
        this.digest = digest;
    }

    /**
     * A part whose digest is made when it is needed.
     *
     * @param name such as a checkpoint's, for messages; the middle left out of more than sixty characters
     * @param source makes the digest, once; may be asked long after what it is of was closed
     * @return the part
     */
    public static OriginPart of(String name, Source source) {
        return new OriginPart(name, List.of(), source, null);
    }

    /**
     * A part as a file names it.
     *
     * @param name such as a checkpoint's
     * @param digest null for one that could not be made
     * @return the part
     */
    public static OriginPart known(String name, @Nullable String digest) {
        return new OriginPart(name, List.of(), null, digest);
    }

    /**
     * Several parts as one, such as the networks that descriptors are made by together.
     *
     * @param parts in an order that counts
     * @return the part of all; it is another's where each is
     */
    public static OriginPart joined(List<OriginPart> parts) {
        return new OriginPart(
                parts.stream().map(OriginPart::name).collect(Collectors.joining(" + ")),
                List.copyOf(parts),
                null,
                null);
    }

    /**
     * The name.
     *
     * @return printable, of sixty characters at most
     */
    public String name() {
        return name;
    }

    /**
     * The digest; the first call may read all weights.
     *
     * @return empty if what it is of cannot be read any more
     */
    public synchronized Optional<String> digest() {
        try {
            return Optional.ofNullable(made());
        } catch (IOException e) {
            LOG.warn("descriptors of {} cannot be told from others: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The digest, which must be there; once it was made it stays known, whatever becomes of what it is of.
     *
     * @return such as hexadecimal digits
     * @throws IOException if what it is of cannot be read any more, or a file named it without one
     */
    public synchronized String requireDigest() throws IOException {
        String known = made();
        if (known == null) {
            throw new IOException(
                    "descriptors must say what they are of, got no digest of " + name + "; make them anew");
        }
        return known;
    }

    private @Nullable String made() throws IOException {
        if (digest == null && !joined.isEmpty()) {
            List<String> digests =
                    joined.stream().flatMap(part -> part.digest().stream()).toList();
            digest = digests.size() == joined.size() ? Digests.of(String.join(" ", digests)) : null;
        } else if (digest == null && source != null) {
            digest = source.digest();
            source = null;
        }
        return digest;
    }

    /** Whether the digests are equal, or one of them is not to be had. */
    boolean mayBe(OriginPart other) {
        if (this == other) {
            return true;
        }
        if (!joined.isEmpty() && joined.size() == other.joined.size()) {
            return IntStream.range(0, joined.size()).allMatch(i -> joined.get(i).mayBe(other.joined.get(i)));
        }
        Optional<String> mine = digest();
        Optional<String> its = other.digest();
        return mine.isEmpty() || its.isEmpty() || mine.equals(its);
    }
}
