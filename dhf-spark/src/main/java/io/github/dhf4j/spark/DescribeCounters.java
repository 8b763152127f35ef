package io.github.dhf4j.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What a job did, in Spark's own accumulators, which its UI shows by name with each stage. A task that is run again, and a
 * stage that is computed again, count again: these are what was spent, not what there is.
 *
 * @param images pictures that were described
 * @param broken pictures that could not be read
 * @param calls network calls
 * @param seconds in the network, of all JVMs together
 */
record DescribeCounters(
        LongAccumulator images, LongAccumulator broken, LongAccumulator calls, DoubleAccumulator seconds)
        implements Serializable {
    static DescribeCounters of(SparkContext context) {
        return new DescribeCounters(
                context.longAccumulator("dhf images"),
                context.longAccumulator("dhf broken images"),
                context.longAccumulator("dhf network calls"),
                context.doubleAccumulator("dhf network seconds"));
    }

    void ran(long networkCalls, double took) {
        calls.add(networkCalls);
        seconds.add(took);
    }

    void described(boolean isBroken) {
        (isBroken ? broken : images).add(1L);
    }

    DescribeReport report() {
        return new DescribeReport(images.value(), broken.value(), calls.value(), seconds.value());
    }
}
