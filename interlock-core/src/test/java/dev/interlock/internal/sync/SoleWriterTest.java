package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One thread at a time, as long as it lives. */
class SoleWriterTest {
    private static final int ROUNDS = 200;
    private static final int THREADS = 4;

    private final SoleWriter writer = new SoleWriter();

    private boolean askInAnotherThread(Thread.Builder kind) throws Exception {
        FutureTask<Boolean> asked = new FutureTask<>(writer::claim);
        Thread thread = kind.start(asked);
        boolean answer = asked.get();
        thread.join();
        return answer;
    }

    @Test
    void theFirstThatAsks_staysTheOne() throws Exception {
        assertThat(writer.claim()).isTrue();
        assertThat(askInAnotherThread(Thread.ofPlatform())).isFalse();
        assertThat(askInAnotherThread(Thread.ofVirtual())).isFalse();
        assertThat(writer.claim()).isTrue();
    }

    @Test
    void itsEnd_makesTheNextThatAsksTheOne() throws Exception {
        assertThat(askInAnotherThread(Thread.ofPlatform())).isTrue();
        assertThat(askInAnotherThread(Thread.ofVirtual())).isTrue();
        assertThat(writer.claim()).isTrue();
        assertThat(askInAnotherThread(Thread.ofPlatform())).isFalse();
    }

    @Test
    void manyAskAtOnce_oneIsIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var all = new SoleWriter();
            var start = new CyclicBarrier(THREADS);
            var end = new CountDownLatch(1);
            var tasks = IntStream.range(0, THREADS).mapToObj(_ -> ask(all, start, end)).toList();
            int ones = 0;
            for (Asking task : tasks) if (task.answer.get()) ones++;
            end.countDown();
            for (Asking task : tasks) task.thread.join();
            assertThat(ones).isEqualTo(1);
        }
    }

    private record Asking(Thread thread, FutureTask<Boolean> answer) {}

    /* It lives until the end, so that nobody takes its place. */
    private static Asking ask(SoleWriter writer, CyclicBarrier start, CountDownLatch end) {
        FutureTask<Boolean> answer =
                new FutureTask<>(() -> {
                    start.await();
                    return writer.claim();
                });
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            answer.run();
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        return new Asking(thread, answer);
    }
}
