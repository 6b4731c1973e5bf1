package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Up to where messages are said to be gone: never too far, and not far behind. */
class RingFreedTest {
    private static final int CAPACITY = 64; // the least that tells
    private static final int SLOT_BYTES = 16;
    private static final int TOLD_AT_ONCE = 16;
    private static final int LAPS = 50;
    private static final int RUNS = 50;

    private final Words words = new ArrayWords(RingLayout.BYTES + CAPACITY * SLOT_BYTES);
    private final RingLayout layout = new RingLayout(0, RingLayout.BYTES, SLOT_BYTES, CAPACITY);

    private void gone(long position) {
        words.put(layout.slot(position), RingWord.empty(layout.lap(position) + 1));
    }

    private long told() {
        return words.get(RingLayout.FREED);
    }

    private long firstNotGone() {
        long first = told();
        while (RingWord.lap(words.get(layout.slot(first))) > layout.lap(first)) first++;
        return first;
    }

    @Test
    void oneByOneInTurn_toldWithEachSixteenth() {
        var freed = new RingFreed(words, layout);
        for (long position = 0; position < LAPS * CAPACITY; position++) {
            gone(position);
            freed.finished(position, position + 1, 1);
            long end = position + 1;
            assertThat(told()).isEqualTo(end - end % TOLD_AT_ONCE);
        }
    }

    @Test
    void oneOfSeveralProcessesWasNotDone_toldUpToItsMessage() {
        var freed = new RingFreed(words, layout);
        for (long position = 0; position < CAPACITY; position++) {
            if (position == 20) continue;
            gone(position);
            freed.finished(position, position + 1, 1);
        }
        assertThat(told()).isEqualTo(20);
    }

    @Test
    void someOfThoseInBetweenWereFinishedByOthers_seenAtTheirSlots() {
        var freed = new RingFreed(words, layout);
        for (long position = 0; position < CAPACITY; position++) gone(position);
        freed.finished(0, CAPACITY, CAPACITY / 2);
        assertThat(told()).isEqualTo(CAPACITY);
    }

    /* As a ring does: each process finishes what it took, in any order, and places are used again when their messages are gone. */
    @Test
    void severalProcesses_anyOrder_neverTooFar() {
        var random = new Random(Long.getLong("interlock.seed", 1));
        List<RingFreed> processes =
                List.of(new RingFreed(words, layout), new RingFreed(words, layout));
        List<List<Long>> hands = List.of(new ArrayList<>(), new ArrayList<>());
        long taken = 0;
        for (int step = 0; step < 100_000; step++) {
            int process = random.nextInt(2);
            List<Long> hand = hands.get(process);
            if (random.nextBoolean() && taken < firstNotGone() + CAPACITY) {
                hand.add(taken++);
            } else if (!hand.isEmpty()) {
                long position = hand.remove(random.nextInt(3) == 0 ? hand.size() - 1 : 0);
                gone(position);
                processes.get(process).finished(position, position + 1, 1);
            }
            assertThat(told()).isLessThanOrEqualTo(firstInHand(hands, taken));
        }
        assertThat(told()).isGreaterThan(CAPACITY);
    }

    private static long firstInHand(List<List<Long>> hands, long taken) {
        return hands.stream().flatMap(List::stream).mapToLong(Long::longValue).min().orElse(taken);
    }

    @Test
    void threadsOfOneProcess_neverTooFar() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            var memory = new RingFreedTest();
            var freed = new RingFreed(memory.words, memory.layout);
            var start = new CyclicBarrier(2);
            List<FutureTask<Void>> threads =
                    IntStream.range(0, 2).mapToObj(i -> memory.every(2, i, freed, start)).toList();
            for (FutureTask<Void> thread : threads)
                Thread.ofPlatform().daemon().name("finishing").start(thread);
            for (FutureTask<Void> thread : threads) thread.get();
            assertThat(memory.told()).isLessThanOrEqualTo(CAPACITY);
        }
    }

    /* A thread that finishes one of so many messages, and looks each time. */
    private FutureTask<Void> every(int threads, int which, RingFreed freed, CyclicBarrier start) {
        return new FutureTask<>(() -> {
            start.await();
            for (long position = which; position < CAPACITY; position += threads) {
                gone(position);
                freed.finished(position, position + 1, 1);
                long told = told();
                for (long i = 0; i < told; i++)
                    assertThat(words.get(layout.slot(i))).as("slot %d", i).isNotZero();
            }
            return null;
        });
    }
}
