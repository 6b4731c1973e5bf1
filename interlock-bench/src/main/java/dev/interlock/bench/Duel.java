package dev.interlock.bench;

import dev.interlock.Region;
import dev.interlock.SharedInt;
import dev.interlock.SharedLong;
import dev.interlock.bench.worker.ContendedWorker;
import dev.interlock.bench.worker.ContendedWorker.Step;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two parties that do the same step again and again: two JVMs, or two threads of one JVM if the step is one that works within one
 * JVM only. They stay from run to run, so that all is compiled after the first, and sleep in between.
 */
final class Duel implements AutoCloseable {
    private static final int PARTIES = 2;

    private final SharedInt phase;
    private final SharedLong counter;
    private final SharedLong sum;
    private final boolean counts;
    private final boolean sums;
    private final List<Worker> workers = new ArrayList<>();
    private int lastPhase;

    Duel(Lab lab, Region region, Step step) throws IOException, InterruptedException {
        phase = region.intValue(0);
        counter = region.longValue(0);
        sum = region.longValue(0);
        counts = step.isExclusive();
        sums = step == Step.INTERLOCK_ADD;
        var stage =
                new ContendedWorker.Stage(
                        phase,
                        region.lock(),
                        region.readWriteLock(),
                        counter,
                        sum,
                        lab.file("duel-" + step).toString());
        for (String parties : step.isOfThreads() ? List.of("0,1") : List.of("0", "1")) {
            workers.add(Worker.start(ContendedWorker.class, stage, step.name(), parties));
        }
        for (Worker worker : workers)
            worker.ask("pin " + lab.twoCpus().first() + " " + lab.twoCpus().second());
    }

    /**
     * What happened in one run.
     *
     * @param elapsedNanos from when the gate opened until it shut
     * @param first how many steps the first party took
     * @param second how many steps the second party took
     * @param longestWaitNanos of both, if that was measured
     */
    record Outcome(double elapsedNanos, double first, double second, double longestWaitNanos) {
        /** As the peers print it; the last number may be absent. */
        static Outcome of(double[] numbers) {
            return new Outcome(
                    numbers[0], numbers[1], numbers[2], numbers.length > 3 ? numbers[3] : 0);
        }

        double total() {
            return first + second;
        }
    }

    /** Lets them run for that time. */
    Outcome run(Duration time, boolean timed) throws IOException, InterruptedException {
        return run(time, timed, workers, PARTIES);
    }

    /** Lets the first of two processes run for that time while the other one sleeps. */
    Outcome runFirst(Duration time) throws IOException, InterruptedException {
        return run(time, false, workers.subList(0, 1), 1);
    }

    private Outcome run(Duration time, boolean timed, List<Worker> running, int parties)
            throws IOException, InterruptedException {
        int begun = ++lastPhase;
        int stopped = ++lastPhase;
        long before = counter.get() + sum.get();
        for (Worker worker : running) worker.tell("run " + begun + " " + (timed ? 1 : 0));
        for (int i = 0; i < parties; i++) running.get(i % running.size()).answer(); // at the gate
        long start = System.nanoTime();
        phase.set(begun);
        Thread.sleep(time);
        phase.set(stopped);
        long elapsed = System.nanoTime() - start;
        Outcome outcome = collect(elapsed, running);
        double counted = counter.get() + sum.get() - before;
        if ((counts || sums) && counted != outcome.total())
            throw new IOException(
                    "updates were lost: " + outcome.total() + " made, " + counted + " counted");
        return outcome;
    }

    private static Outcome collect(long elapsedNanos, List<Worker> running)
            throws IOException, InterruptedException {
        var counts = new ArrayList<Double>();
        double longest = 0;
        for (Worker worker : running) {
            double[] answer = worker.answer();
            for (int i = 0; i < answer.length - 1; i++) counts.add(answer[i]);
            longest = Math.max(longest, answer[answer.length - 1]);
        }
        double second = counts.size() > 1 ? counts.getLast() : 0;
        return new Outcome(elapsedNanos, counts.getFirst(), second, longest);
    }

    @Override
    public void close() throws IOException {
        for (Worker worker : workers) worker.close();
    }
}
