package io.github.dhf4j.cli;

import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.ModelPath;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file or folder as it is typed; what looks like an address is called one. */
final class PathConverter implements ITypeConverter<Path> {
    /** Two letters at least: one is a drive. */
    private static final Pattern ADDRESS = Pattern.compile("(?i)[a-z][a-z0-9+.-]+://.*", Pattern.DOTALL);

    private static final String UNICODE = "UTF-8";

    /** What the last value was refused with: picocli takes such a value for another parameter's and says that. */
    private @Nullable String refusal;

    @Override
    public Path convert(String text) {
        try {
            return path(text);
        } catch (TypeConversionException e) {
            refusal = e.getMessage();
            throw e;
        }
    }

    /** The same where a name of the hub may stand too. */
    ModelPath model(String text) {
        try {
            if (text.startsWith(HubId.PREFIX)) {
                return ModelPath.of(text);
            }
            Path path = path(text);
            return text.equals(path.toString()) ? ModelPath.of(text) : ModelPath.of(path);
        } catch (TypeConversionException e) {
            refusal = e.getMessage();
            throw e;
        } catch (IllegalArgumentException e) {
            refusal = e.getMessage();
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Nullable
    String refusal() {
        return refusal;
    }

    static Path path(String text) {
        try {
            if (text.toLowerCase(Locale.ROOT).startsWith("file:/")) {
                return Path.of(URI.create(text));
            }
            if (ADDRESS.matcher(text).matches()) {
                throw new TypeConversionException(
                        "files must be on this machine, got an address, '" + text
                                + "'; images and checkpoints are read from files: download it first, or give a model's name, owner/name");
            }
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(unreadable(e));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new TypeConversionException("address of a file must be file:///PATH, got '" + text + "'");
        }
    }

    /** What to say of a name that the system's character set has no characters for, or that no file can have. */
    static String unreadable(InvalidPathException e) {
        return isUnicode()
                ? "name of a file must be possible here, got '" + printable(e.getInput()) + "' (" + e.getReason() + ")"
                : unreadable(e.getInput());
    }

    /** A word that came through a character set which cannot hold it, or null. */
    static @Nullable String broken(String[] words) {
        for (String word : words) {
            if (!isUnicode() && word.indexOf('\uFFFD') >= 0) {
                return unreadable(word);
            }
        }
        return null;
    }

    private static String unreadable(String word) {
        return "names and words must be of the system's character set, got '" + printable(word) + "' under "
                + characterSet() + "; set LC_ALL=C.UTF-8";
    }

    private static boolean isUnicode() {
        return characterSet().equalsIgnoreCase(UNICODE);
    }

    /** That of file names and arguments, whatever files hold. */
    private static String characterSet() {
        return System.getProperty("sun.jnu.encoding", UNICODE);
    }

    private static String printable(String text) {
        String shown = text.replaceAll("[\\p{Cntrl}\uFFFD]", "?");
        return shown.length() > 100 ? shown.substring(0, 100) + "..." : shown;
    }
}
