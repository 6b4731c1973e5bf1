package dev.interlock.bench;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often things are measured.
 *
 * @param rounds how often each party has its turn
 * @param starts how often a process is started
 * @param openings how often a region is opened by a process that starts for it, which is a small part of that start
 * @param recoveries how often an owner is killed, for each size of its heap
 * @param warmUp of what runs in a JVM by itself, in each round
 * @param alone how long one process measures a step, in each round
 * @param contended how long two processes contend, in each round
 * @param longestWait how long two processes contend while every acquisition is timed
 * @param handoffs how many round trips in each round
 * @param hold how long the owner works before it hands over
 * @param meetings how often two processes meet at a barrier, in each round
 * @param sleepers how many threads wait for one event
 * @param sets how often it is set in each round
 * @param arrayBytes size of the array that is copied
 * @param copies how often it is copied in each round
 * @param heapBytes how much memory the owner has touched when it is killed
 * @param locks how many locks are many
 * @param messageBytes sizes of messages
 * @param tasks how many tasks that do nothing a pool is given in each round
 * @param items how many items of one map
 * @param taskSteps how long a task computes, in steps of a nanosecond or two
 */
record Effort(
        int rounds,
        int starts,
        int openings,
        int recoveries,
        Duration warmUp,
        Duration alone,
        Duration contended,
        Duration longestWait,
        int handoffs,
        Duration hold,
        int meetings,
        int sleepers,
        int sets,
        long arrayBytes,
        int copies,
        List<Long> heapBytes,
        int locks,
        List<Integer> messageBytes,
        int tasks,
        int items,
        int taskSteps) {
    /** For figures to rely on: all of it takes some ten minutes. */
    static final Effort FULL =
            new Effort(
                    5,
                    11,
                    51,
                    9,
                    Duration.ofMillis(600),
                    Duration.ofMillis(400),
                    Duration.ofMillis(600),
                    Duration.ofSeconds(5),
                    200,
                    Duration.ofNanos(300_000),
                    20_000,
                    200,
                    5,
                    64L << 20,
                    5,
                    List.of(0L, 512L << 20, 2L << 30),
                    100_000,
                    List.of(8, 128),
                    10_000,
                    1_000_000,
                    10_000_000);

    /** Just to see that everything runs. */
    static final Effort SMOKE =
            new Effort(
                    1,
                    1,
                    1,
                    1,
                    Duration.ofMillis(10),
                    Duration.ofMillis(10),
                    Duration.ofMillis(50),
                    Duration.ofMillis(50),
                    5,
                    Duration.ofNanos(300_000),
                    20,
                    20,
                    1,
                    1L << 20,
                    1,
                    List.of(0L),
                    1000,
                    List.of(8),
                    50,
                    2_000,
                    10_000);

    /** The full effort, with another number of rounds if one is given. */
    static Effort full(@Nullable String rounds) {
        if (rounds == null || rounds.isBlank()) return FULL;
        int number = parsePositive(rounds);
        return new Effort(
                number,
                number,
                number,
                number,
                FULL.warmUp,
                FULL.alone,
                FULL.contended,
                FULL.longestWait,
                FULL.handoffs,
                FULL.hold,
                FULL.meetings,
                FULL.sleepers,
                FULL.sets,
                FULL.arrayBytes,
                FULL.copies,
                FULL.heapBytes,
                FULL.locks,
                FULL.messageBytes,
                FULL.tasks,
                FULL.items,
                FULL.taskSteps);
    }

    private static int parsePositive(String rounds) {
        try {
            int number = Integer.parseInt(rounds.strip());
            if (number > 0) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "INTERLOCK_BENCH_ROUNDS is '"
                        + rounds
                        + "'. Set it to a number from 1, or not at all.");
    }
}
