package io.github.dhf4j.cli;

import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf cache}. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = "Show what the cache of features takes, or clear it.")
final class CacheCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions options = new CacheOptions();

    @Option(names = "--clear", description = "Delete every file of the cache.")
    private boolean clear;

    @Override
    public Integer call() throws IOException {
        FeatureCache cache = options.open();
        PrintWriter print = spec.commandLine().getOut();
        if (clear) {
            print.printf("%s freed in %s%n", Texts.bytes(cache.clear()), cache.folder());
            return 0;
        }
        List<FeatureCache.Entry> entries = cache.entries();
        long total = entries.stream().mapToLong(FeatureCache.Entry::bytes).sum();
        print.printf(
                "%s: %d images, %s of %s%n",
                cache.folder(), entries.size(), Texts.bytes(total), Texts.bytes(cache.budget()));
        for (int i = entries.size() - 1; i >= Math.max(0, entries.size() - SHOWN); i--) {
            FeatureCache.Entry entry = entries.get(i);
            print.printf(
                    "  %s  %s  %s%n",
                    entry.lastUsed().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                    Texts.bytes(entry.bytes()),
                    cache.describe(entry));
        }
        if (entries.size() > SHOWN) {
            print.println("  ... and " + (entries.size() - SHOWN) + " used earlier");
        }
        return 0;
    }
}
