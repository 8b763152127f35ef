package io.github.dhf4j.examples;

import io.github.dhf4j.DhfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "dhf",
        mixinStandardHelpOptions = true,
        version = "Diffusion Hyperfeatures for Java 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Semantic correspondence from the features of Stable Diffusion.",
        subcommands = {
            MatchCommand.class,
            ExtractCommand.class,
            DescribeCommand.class,
            InspectCommand.class,
            ConvertWeightsCommand.class,
            RenderCommand.class,
            TrainCommand.class,
            EvalCommand.class,
            CacheCommand.class,
            Table1Command.class,
            SynthesizeCommand.class,
            TrainPipelineCommand.class
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
        System.exit(run(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command's words
     * @return the exit code
     */
    public static int run(String... arguments) {
        Dhf dhf = new Dhf();
        CommandLine line = new CommandLine(dhf);
        line.setExecutionExceptionHandler(dhf::report);
        line.setParameterExceptionHandler((e, words) -> {
            CommandLine command = e.getCommandLine();
            command.getErr()
                    .println("error: " + firstLine(e) + " (try: "
                            + command.getCommandSpec().qualifiedName() + " --help)");
            return 2;
        });
        return arguments.length == 0 ? line.execute("--help") : line.execute(arguments);
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
