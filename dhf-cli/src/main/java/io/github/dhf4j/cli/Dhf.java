package io.github.dhf4j.cli;

import io.github.dhf4j.Preset;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.tensor.DhfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "dhf",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Semantic correspondence from the features of Stable Diffusion.",
        subcommands = {
            MatchCommand.class,
            ExtractCommand.class,
            DescribeCommand.class,
            TransferCommand.class,
            TrackCommand.class,
            InspectCommand.class,
            ConvertWeightsCommand.class,
            PruneCommand.class,
            RenderCommand.class,
            TrainCommand.class,
            EvalCommand.class,
            HomographyCommand.class,
            CalibrateCommand.class,
            CallsCommand.class,
            CacheCommand.class,
            Table1Command.class,
            SynthesizeCommand.class,
            TrainPipelineCommand.class,
            TrainBackboneCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, with one line that says why", "2:wrong usage"})
public final class Dhf {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private Dhf() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param arguments the command's words
     */
    public static void main(String[] arguments) {
        // DJL asks a cloud metadata address at start otherwise
        if (System.getProperty("OPT_OUT_TRACKING") == null) {
            System.setProperty("OPT_OUT_TRACKING", "true");
        }
        // what other libraries print too
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        Environment.shareCacheWithEngine();
        System.exit(run(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command's words
     * @return the exit code
     */
    public static int run(String... arguments) {
        ConsoleProgress.restart();
        Dhf dhf = new Dhf();
        CommandLine line = new CommandLine(dhf);
        PathConverter paths = new PathConverter();
        line.registerConverter(Path.class, paths);
        line.registerConverter(ModelPath.class, paths::model);
        line.registerConverter(Preset.class, named(Preset::of));
        line.registerConverter(TrainingRecipe.class, named(TrainingRecipe::of));
        line.getCommandSpec().version("Diffusion Hyperfeatures for Java " + Environment.version());
        line.setResourceBundle(new HelpWords());
        line.setOut(new ConsoleWriter(line.getOut()));
        line.setErr(new ConsoleWriter(line.getErr()));
        line.setExecutionStrategy(Dhf::execute);
        line.setExecutionExceptionHandler(dhf::report);
        line.setParameterExceptionHandler((e, words) -> {
            CommandLine command = e.getCommandLine();
            String broken = PathConverter.broken(words);
            String refusal = broken != null ? broken : paths.refusal();
            command.getErr()
                    .println("error: " + (refusal != null ? refusal : firstLine(e)) + " (" + suggestion(e) + "try: "
                            + command.getCommandSpec().qualifiedName() + " --help)");
            return 2;
        });
        return arguments.length == 0 ? line.execute("--help") : line.execute(arguments);
    }

    private static <T> CommandLine.ITypeConverter<T> named(Function<String, T> of) {
        return name -> {
            try {
                return of.apply(name);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        };
    }

    /** What can be known to fail fails before the command begins. */
    private static int execute(ParseResult parsed) {
        ParseResult last = parsed;
        boolean help = false;
        while (last.hasSubcommand()) {
            last = last.subcommand();
            help |= last.isUsageHelpRequested() || last.isVersionHelpRequested();
        }
        if (!help && last != parsed) {
            CommandLine command = last.commandSpec().commandLine();
            String broken = PathConverter.broken(parsed.originalArgs().toArray(new String[0]));
            if (broken != null) {
                throw new ParameterException(command, broken);
            }
            try {
                Outputs.check(last.commandSpec());
            } catch (IOException | RuntimeException e) {
                throw new CommandLine.ExecutionException(command, String.valueOf(e.getMessage()), e);
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** The command or option that was probably meant. */
    private static String suggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        CommandLine command = e.getCommandLine();
        String word = unmatched.getUnmatched().get(0);
        List<String> known = new ArrayList<>(command.getSubcommands().keySet());
        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
        return Spelling.nearest(word, known)
                .map(meant -> "did you mean " + meant + "? ")
                .orElse("");
    }

    private int report(Exception e, CommandLine command, ParseResult parsed) {
        if (debug) {
            e.printStackTrace(command.getErr());
        } else {
            command.getErr().println("error: " + firstLine(e));
        }
        return 1;
    }

    private static String firstLine(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidPathException path) {
                return PathConverter.unreadable(path);
            }
        }
        Throwable shown = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        @Nullable String message = shown.getMessage();
        boolean speaks = message != null
                && !message.isBlank()
                && (shown instanceof IOException
                        || shown instanceof IllegalArgumentException
                        || shown instanceof IllegalStateException
                        || shown instanceof DhfException
                        || shown instanceof CommandLine.PicocliException);
        String text = speaks && message != null ? message : shown.toString();
        if (shown instanceof java.nio.file.FileSystemException) {
            text = shown.getClass().getSimpleName().replace("Exception", "") + ": " + message;
        }
        return text.lines().findFirst().orElse("unknown failure")
                + (shown instanceof DhfException || !speaks ? " (--debug shows where)" : "");
    }
}
