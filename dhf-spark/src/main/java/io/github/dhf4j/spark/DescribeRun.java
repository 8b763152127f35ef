package io.github.dhf4j.spark;

import io.github.dhf4j.Described;
import io.github.dhf4j.Descriptions;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The pictures of a partition, described one batch after the other: decoding goes ahead on a thread of its own, the
 * network runs on the task's thread when it is its turn, and what is done with a result, such as writing, holds no turn.
 */
final class DescribeRun implements Iterator<DescribeRun.Result>, AutoCloseable {
    /** A picture with its map or why there is none. */
    record Result(ImageSource source, Described<ImageSource> described) {
        /** One line that names the picture. */
        String reason() {
            Exception error = described.error();
            String reason = error == null ? "no reason" : Texts.reason(error);
            return reason.contains(source.path()) ? reason : reason + " (" + source.path() + ")";
        }
    }

    private final Iterator<ImageSource> sources;
    private final HandOver<ImageSource> handOver = new HandOver<>();
    private final SharedPipelines.Lease lease;
    private final Descriptions<ImageSource> descriptions;
    private final DescribeCounters counters;
    private final int batch;
    private long given;
    private long taken;
    private boolean ended;

    /** Leases the pipeline until the task ends. */
    DescribeRun(
            Iterator<ImageSource> sources,
            PipelineRecipe recipe,
            int batch,
            Configuration files,
            DescribeCounters counters)
            throws IOException {
        this.sources = sources;
        this.batch = batch;
        this.counters = counters;
        this.lease = SharedPipelines.lease(recipe);
        this.descriptions = lease.pipeline().describeAll(handOver, source -> source.read(files), batch);
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) context -> close());
        }
    }

    Provenance provenance(PipelineRecipe recipe) throws IOException {
        return Provenance.of(recipe, lease.pipeline());
    }

    @Override
    public boolean hasNext() {
        while (!ended && given - taken < 2L * batch) {
            if (sources.hasNext()) {
                handOver.give(sources.next());
                given++;
            } else {
                handOver.end();
                ended = true;
            }
        }
        return descriptions.hasNext();
    }

    @Override
    public Result next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no image is left");
        }
        // the first of a batch runs the network, the others are there
        boolean runs = taken % batch == 0;
        Described<ImageSource> next = runs ? lease.shared().alone(counters, descriptions::next) : descriptions.next();
        taken++;
        counters.described(next.map() == null);
        return new Result(next.source(), next);
    }

    @Override
    public void close() {
        try {
            descriptions.close();
        } finally {
            lease.close();
        }
    }
}
