package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenGuardTest {
    /** The common pool may have one thread, and a close waits in it. */
    private static final Executor EACH = task -> new Thread(task).start();

    private final OpenGuard guard = new OpenGuard("a thing");
    private final AtomicInteger freed = new AtomicInteger();

    @Test
    void closeWaitsForThoseInsideWhoMayEnterAgainAndNobodyElse() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<Void> close;
        try (OpenGuard.Use use = guard.enter()) {
            close = CompletableFuture.runAsync(
                    () -> {
                        closing.countDown();
                        guard.close(freed::incrementAndGet);
                    },
                    EACH);
            closing.await();
            while (CompletableFuture.supplyAsync(this::mayEnter, EACH).join()) {
                Thread.onSpinWait();
            }
            try (OpenGuard.Use again = guard.enter()) {
                assertThat(freed).hasValue(0);
                assertThatThrownBy(guard::begin).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(() -> close.get(20, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
        }
        close.join();
        assertThat(freed).hasValue(1);
        guard.close(freed::incrementAndGet);
        assertThat(freed).hasValue(1);
        assertThatThrownBy(guard::enter)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a thing must be open, got a use after close");
    }

    private boolean mayEnter() {
        try (OpenGuard.Use use = guard.enter()) {
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void aCloseFromInsideReturnsAndTheLastOneFrees() {
        OpenGuard.Use outer = guard.enter();
        OpenGuard.Use inner = guard.enter();
        guard.close(freed::incrementAndGet);
        guard.close(freed::incrementAndGet);
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> guard.close(freed::incrementAndGet), EACH);
        inner.close();
        inner.close();
        assertThat(freed).hasValue(0);
        // on whatever thread
        CompletableFuture.runAsync(outer::close, EACH).join();
        other.join();
        assertThat(freed).hasValue(1);
    }

    @Test
    void aCloserThatIsInterruptedWaitsAllTheSameAndStaysInterrupted() throws Exception {
        OpenGuard.Use use = guard.enter();
        boolean[] interrupted = new boolean[1];
        Thread closer = new Thread(() -> {
            guard.close(freed::incrementAndGet);
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        closer.start();
        closer.interrupt();
        closer.join(30);
        assertThat(freed).hasValue(0);
        use.close();
        closer.join();
        assertThat(freed).hasValue(1);
        assertThat(interrupted[0]).isTrue();
    }
}
