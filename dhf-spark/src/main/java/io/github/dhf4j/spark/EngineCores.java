package io.github.dhf4j.spark;

import io.github.dhf4j.tensor.EngineThreads;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * How many threads the engine has in a JVM: as many as the executor has cores, however many task slots that makes, since
 * one network call runs at a time. An executor knows its cores where {@code spark.executor.cores} is set or the master is
 * {@code local[N]}; else it is taken to have the whole machine.
 */
final class EngineCores {
    private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)(?:\\s*,.*)?]");

    private static boolean chosen;

    private EngineCores() {}

    /** Sets the engine's threads as a recipe or the executor's cores say. */
    static synchronized void use(PipelineRecipe recipe) {
        Integer told = recipe.threads();
        set(told != null ? told : ofExecutor());
    }

    /** Sets them as the executor's cores say, where no recipe was used before: what one said stays. */
    static synchronized void useUnlessChosen() {
        if (!chosen) {
            set(ofExecutor());
        }
    }

    private static void set(int threads) {
        chosen = true;
        int wanted = Math.min(Runtime.getRuntime().availableProcessors(), threads);
        if (wanted != EngineThreads.count()) {
            EngineThreads.set(wanted);
        }
    }

    private static int ofExecutor() {
        int machine = Runtime.getRuntime().availableProcessors();
        SparkEnv env = SparkEnv.get();
        return env == null ? machine : of(env.conf(), machine);
    }

    static int of(SparkConf conf, int machine) {
        String master = conf.get("spark.master", "");
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return Math.max(1, Integer.parseInt(local.group(1)));
        }
        return master.equals("local") ? 1 : Math.max(1, conf.getInt("spark.executor.cores", machine));
    }
}
