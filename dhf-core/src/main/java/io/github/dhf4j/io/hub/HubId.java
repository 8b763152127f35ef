package io.github.dhf4j.io.hub;

import io.github.dhf4j.io.Texts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a repository of the hub, or of a file in one: {@code owner/name[/path/in/repo][@revision]}.
 *
 * @param owner a user or organization
 * @param name of the repository
 * @param path of a file in it, with {@code /} between folders; empty for the repository itself
 * @param revision a branch, a tag or a commit; {@code main} where none was named
 */
public record HubId(String owner, String name, String path, String revision) {
    /** What a name may begin with, to say that it is no path. */
    public static final String PREFIX = "hf:";

    static final String MAIN = "main";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern FORM =
            Pattern.compile("(?<owner>[^/@]+)/(?<name>[^/@]+)(?:/(?<path>[^@]+))?(?:@(?<revision>.+))?");
    private static final Pattern SNAPSHOT = Pattern.compile(
            "/models--(?<owner>[^/]+?)--(?<name>[^/]+)/snapshots/(?<commit>[0-9a-f]{40})(?:/(?<path>.+))?$");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,95}");
    private static final Pattern SEGMENT = Pattern.compile("[^/\\\\\\p{Cntrl}:*?\"<>|]{1,255}");

    /**
     * Checks the parts.
     *
     * @param owner as above
     * @param name as above
     * @param path as above
     * @param revision as above
     * @throws IllegalArgumentException saying which part cannot be
     */
    public HubId {
        String whole = owner + "/" + name;
        if (!isPart(owner) || !isPart(name) || name.endsWith(".git")) {
            throw refused("owner/name of letters, digits, '-', '_' and '.'", whole);
        }
        if (!path.isEmpty() && !isRelative(path)) {
            throw refused("owner/name/path with a path inside the repository", whole + "/" + path);
        }
        if (!isRelative(revision)) {
            throw refused("owner/name@revision with a branch, a tag or a commit", whole + "@" + revision);
        }
    }

    /**
     * Reads a name.
     *
     * @param text with or without {@link #PREFIX}
     * @return the name
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static HubId parse(String text) {
        String bare = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        Matcher matcher = FORM.matcher(bare);
        if (!matcher.matches()) {
            throw refused("owner/name[/path][@revision]", text);
        }
        return new HubId(
                matcher.group("owner"),
                matcher.group("name"),
                Optional.ofNullable(matcher.group("path")).orElse(""),
                Optional.ofNullable(matcher.group("revision")).orElse(MAIN));
    }

    /** Whether text may be a name; nothing is asked of anybody. */
    static boolean isName(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The name of what lies in a cache.
     *
     * @param path of a snapshot, or of a file in one
     * @return the name at its commit; empty if the path is of no cache
     */
    public static Optional<HubId> inCache(Path path) {
        Matcher matcher = SNAPSHOT.matcher(path.toAbsolutePath().toString().replace('\\', '/'));
        return matcher.find()
                ? Optional.of(new HubId(
                        matcher.group("owner"),
                        matcher.group("name"),
                        Optional.ofNullable(matcher.group("path")).orElse(""),
                        matcher.group("commit")))
                : Optional.empty();
    }

    private static boolean isPart(String part) {
        return PART.matcher(part).matches() && !part.contains("--") && !part.contains("..") && !part.endsWith(".");
    }

    /** Whether a path leads down only, on every system: names come from servers too. */
    static boolean isRelative(String path) {
        for (String segment : path.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException refused(String form, String got) {
        return new IllegalArgumentException("name of a model must be " + form + ", got '" + Texts.shown(got) + "'");
    }

    /** Whether this is a commit's own name, whose files never change. */
    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /**
     * The repository.
     *
     * @return {@code owner/name}
     */
    public String repository() {
        return owner + "/" + name;
    }

    /**
     * A file of the same repository and revision.
     *
     * @param file its path
     * @return its name
     */
    public HubId file(String file) {
        return new HubId(owner, name, file, revision);
    }

    /** The same at another revision. */
    HubId at(String other) {
        return new HubId(owner, name, path, other);
    }

    /**
     * As it is typed.
     *
     * @return {@code owner/name[/path][@revision]}
     */
    @Override
    public String toString() {
        return repository() + (path.isEmpty() ? "" : "/" + path) + (revision.equals(MAIN) ? "" : "@" + revision);
    }
}
