package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many images in, results out one by one, whatever happens in between. */
@Timeout(60)
class DescribeAllTest {
    private final PipelineOfFakes fakes = new PipelineOfFakes("a", "w");
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger readSoFar = new AtomicInteger();

    @AfterEach
    void noThreadIsLeft() {
        assertThat(readers()).isEmpty();
    }

    private static List<Thread> readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dhf-read-ahead") && thread.isAlive())
                .toList();
    }

    /** Images of different sizes, told apart by their shade. */
    private static RgbImage image(int number) {
        byte[] rgb = new byte[3 * (4 + number % 5) * (3 + number % 2)];
        Arrays.fill(rgb, (byte) number);
        return new RgbImage(4 + number % 5, 3 + number % 2, rgb);
    }

    /** Numbers without an end, as many as are taken. */
    private Iterator<Integer> numbers() {
        return Stream.generate(taken::getAndIncrement).iterator();
    }

    private static Iterator<Integer> numbers(int count) {
        return IntStream.range(0, count).iterator();
    }

    private RgbImage read(int number) {
        readSoFar.incrementAndGet();
        return image(number);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** However slow the machine is (the class's time limit ends it); then a while longer, to see that no more are taken. */
    private void waitUntilHeld(int count, AtomicInteger described) {
        while (taken.get() - described.get() < count) {
            pause();
        }
        pause();
    }

    private static void waitForever() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 40})
    void resultsComeInTheOrderOfTheSourcesAndAreWhatEachImageHasAlone(int batch) throws IOException {
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(numbers(20), this::read, batch)) {
            List<Described<Integer>> results = all.stream().toList();
            assertThat(fakes.runs).hasValue((20 + batch - 1) / batch);
            assertThat(results).extracting(Described::source).containsExactlyElementsOf(() -> numbers(20));
            for (Described<Integer> result : results) {
                DescriptorMap alone = pipeline.describe(image(result.source()));
                assertThat(result.orThrow()).isEqualTo(alone);
                assertThat(result.orThrow().origin()).isSameAs(pipeline.origin());
                assertThat(result.error()).isNull();
            }
            assertThat(all.hasNext()).isFalse();
            assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void nothingHappensBeforeTheFirstIsAskedFor() {
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, 1)) {
            pause();
            assertThat(readers()).isEmpty();
            assertThat(taken).hasValue(0);
            assertThat(all.hasNext()).isTrue();
            assertThat(fakes.runs)
                    .as("asking whether there is one runs nothing")
                    .hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void noMoreThanTwoBatchesOfImagesAreHeld(int batch) {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger described = new AtomicInteger();
        fakes.during = () -> {
            waitUntilHeld(2 * batch, described);
            most.accumulateAndGet(taken.get() - described.getAndAdd(batch), Math::max);
        };
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, batch)) {
            for (int i = 0; i < 6 * batch; i++) {
                all.next();
            }
            waitUntilHeld(2 * batch, described);
            assertThat(most).as("the batch in the network and one behind it").hasValue(2 * batch);
            assertThat(taken.get() - described.get()).as("while nobody asks").isEqualTo(2 * batch);
        }
    }

    @Test
    void theNextImageIsReadWhileTheNetworkRuns() {
        CountDownLatch secondIsRead = new CountDownLatch(2);
        fakes.during = () -> {
            try {
                secondIsRead.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(
                        numbers(2),
                        number -> {
                            secondIsRead.countDown();
                            return image(number);
                        },
                        1)) {
            assertThat(all.next().source()).isZero();
            assertThat(all.next().source()).isOne();
        }
    }

    @Test
    void aBadFileInTheMiddleIsAResultWithItsError(@TempDir Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(folder.resolve(i + ".png"));
            ImageIO.write(image(i).toBufferedImage(), "png", files.get(i).toFile());
        }
        Files.writeString(files.get(2), "no picture");
        Files.delete(files.get(4));
        try (DescriptorPipeline pipeline = fakes.open()) {
            for (Descriptions<Path> all : List.of(
                    pipeline.describeAll(files.stream()),
                    Hyperfeatures.using(pipeline).describeAll(files.stream()),
                    pipeline.describeAll(files.iterator(), RgbImage::read, 2))) {
                List<Described<Path>> results = all.stream().toList();
                assertThat(results).extracting(Described::source).isEqualTo(files);
                assertThat(results)
                        .extracting(result -> result.map() != null)
                        .containsExactly(true, true, false, true, false);
                assertThat(results.get(2).error())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("2.png");
                assertThatThrownBy(() -> results.get(4).orThrow()).hasMessageContaining("4.png");
            }
        }
    }

    @Test
    void whatAReaderThrowsIsOfItsSourceOnly() {
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(
                        numbers(4),
                        number -> {
                            if (number == 1) {
                                throw new IllegalArgumentException("not this one");
                            }
                            return image(number);
                        },
                        2)) {
            List<Described<Integer>> results = all.stream().toList();
            assertThat(results.get(1).error()).hasMessage("not this one");
            assertThatThrownBy(() -> results.get(1).orThrow()).isInstanceOf(IOException.class);
            assertThat(results).filteredOn(result -> result.map() != null).hasSize(3);
        }
    }

    @Test
    void aBatchOfBadImagesRunsNoNetwork() {
        try (DescriptorPipeline pipeline = fakes.open();
                Descriptions<Integer> all = pipeline.describeAll(
                        numbers(3),
                        number -> {
                            throw new IOException("none");
                        },
                        3)) {
            assertThat(all.stream()).hasSize(3).allMatch(result -> result.error() != null);
            assertThat(fakes.runs).hasValue(0);
        }
    }

    @Test
    void closingInTheMiddleEndsTheThreadAndDropsWhatIsLeft() {
        try (DescriptorPipeline pipeline = fakes.open()) {
            Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, 4);
            all.next();
            assertThat(readers()).hasSize(1);
            all.close();
            assertThat(readers()).isEmpty();
            int before = taken.get();
            assertThat(all.hasNext()).as("three results were waiting").isFalse();
            assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
            all.close();
            pause();
            assertThat(taken).hasValue(before);
            assertThat(fakes.runs).hasValue(1);
            try (Stream<Described<Integer>> stream = pipeline.describeAll(numbers(), this::read, 1).stream()) {
                assertThat(stream.limit(3)).hasSize(3);
            }
            assertThat(readers()).isEmpty();
        }
    }

    @Test
    void closingInterruptsAReaderThatWaits() {
        try (DescriptorPipeline pipeline = fakes.open()) {
            Descriptions<Integer> all = pipeline.describeAll(
                    numbers(),
                    number -> {
                        if (number > 0) {
                            waitForever();
                        }
                        return image(number);
                    },
                    1);
            all.next();
            all.close();
            assertThat(readers()).isEmpty();
        }
    }

    @Test
    void interruptingWhoWaitsForAnImageEndsTheRun() throws InterruptedException {
        try (DescriptorPipeline pipeline = fakes.open()) {
            Descriptions<Integer> all = pipeline.describeAll(
                    numbers(),
                    number -> {
                        waitForever();
                        return image(number);
                    },
                    1);
            AtomicBoolean cancelled = new AtomicBoolean();
            Thread caller = new Thread(() -> {
                try {
                    all.next();
                } catch (CancellationException e) {
                    cancelled.set(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            pause();
            caller.interrupt();
            caller.join();
            assertThat(cancelled).as("and the thread stays interrupted").isTrue();
            assertThat(readers()).isEmpty();
            assertThat(all.hasNext()).isFalse();
        }
    }

    @Test
    void theMonitorCancelsBetweenBatchesAndWhileAnImageIsWaitedFor() {
        AtomicBoolean cancel = new AtomicBoolean();
        try (DescriptorPipeline pipeline = fakes.open(new RunMonitor(null, cancel::get))) {
            Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, 2);
            all.next();
            cancel.set(true);
            assertThat(all.next().source()).as("is there already").isOne();
            assertThatThrownBy(all::next).isInstanceOf(CancellationException.class);
            assertThat(all.hasNext()).isFalse();
            assertThat(fakes.runs).hasValue(1);
            assertThat(readers()).isEmpty();

            cancel.set(false);
            Descriptions<Integer> slow = Hyperfeatures.using(pipeline)
                    .describeAll(
                            numbers(),
                            number -> {
                                cancel.set(true);
                                waitForever();
                                return image(number);
                            },
                            1);
            assertThatThrownBy(slow::hasNext).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void anIteratorThatThrowsEndsTheRunAfterTheResultsBeforeIt() {
        for (Throwable failure : List.of(new IllegalStateException("torn"), new StackOverflowError("torn"))) {
            Iterator<Integer> torn = new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    if (next == 3) {
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) failure;
                    }
                    return true;
                }

                @Override
                public Integer next() {
                    return next++;
                }
            };
            try (DescriptorPipeline pipeline = new PipelineOfFakes("a", "w").open()) {
                Descriptions<Integer> all = pipeline.describeAll(torn, this::read, 2);
                assertThat(List.of(
                                all.next().source(),
                                all.next().source(),
                                all.next().source()))
                        .containsExactly(0, 1, 2);
                assertThatThrownBy(all::next).isSameAs(failure);
                assertThat(all.hasNext()).isFalse();
            }
        }
    }

    @Test
    void anErrorOfTheNetworkEndsTheRun() {
        try (DescriptorPipeline pipeline = fakes.open()) {
            Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, 1);
            all.next();
            fakes.during = () -> {
                throw new OutOfMemoryError("native");
            };
            assertThatThrownBy(all::next).isInstanceOf(OutOfMemoryError.class);
            assertThat(readers()).isEmpty();
            assertThat(all.hasNext()).isFalse();
        }
    }

    @Test
    void aPipelineThatIsClosedEndsTheRun() {
        DescriptorPipeline pipeline = fakes.open();
        Descriptions<Integer> all = pipeline.describeAll(numbers(), this::read, 1);
        all.next();
        pipeline.close();
        assertThatThrownBy(() -> IntStream.range(0, 3).forEach(i -> all.next()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after close");
        assertThat(all.hasNext()).isFalse();
    }

    @Test
    void aBatchIsOneImageOrMore() {
        try (DescriptorPipeline pipeline = fakes.open()) {
            assertThatThrownBy(() -> pipeline.describeAll(numbers(), this::read, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("batch must be 1 image or more, got 0");
        }
    }
}
