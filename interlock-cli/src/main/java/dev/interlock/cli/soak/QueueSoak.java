package dev.interlock.cli.soak;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import dev.interlock.Region;
import dev.interlock.RegionOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Puts numbered messages through a queue, from process to process, and kills these at random. */
public final class QueueSoak {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 20;
    private static final int SIGKILL = 9;

    /**
     * How to run.
     *
     * @param seed of all that is random
     * @param time how long at most
     * @param kills how many at most
     * @param producers how many processes put
     * @param consumers how many take
     * @param pauseMillis how long a pause between two kills is at most
     * @param dropping whether the queue drops what a dead consumer had in hand, or delivers it again
     */
    public record Plan(
            long seed,
            Duration time,
            long kills,
            int producers,
            int consumers,
            long pauseMillis,
            boolean dropping) {}

    private final Plan plan;
    private final PrintStream out;
    private final SoakLine line;
    private final Random random;
    private final ChildProcess<?>[] crowd;
    private final long[] before; // what each had done when it was started
    private long longestDeath; // in nanoseconds
    private @Nullable String failure;

    private QueueSoak(Plan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
        this.line = new SoakLine(out);
        this.random = new Random(plan.seed);
        this.crowd = new ChildProcess<?>[plan.producers + plan.consumers];
        this.before = new long[crowd.length];
    }

    /**
     * Runs.
     *
     * @param plan how
     * @param out where to tell
     * @return whether the books balance and no process failed
     * @throws InterruptedException if interrupted; all children are killed then
     */
    public static boolean run(Plan plan, PrintStream out) throws InterruptedException {
        return new QueueSoak(plan, out).run();
    }

    private boolean run() throws InterruptedException {
        out.printf(
                Locale.ROOT,
                "Queue of %d messages, %s, %d producers, %d consumers, seed %d%n",
                Books.CAPACITY,
                plan.dropping ? "drops what the dead have in hand" : "delivers again",
                plan.producers,
                plan.consumers,
                plan.seed);
        try (Region region = Region.temporary(RegionOptions.defaults().maxBytes(256 << 20))) {
            Books books = Books.in(region, plan.producers, plan.consumers, plan.dropping);
            Audit audit = new Audit(books, plan.dropping);
            try (Metronome metronome = new Metronome(books::work)) {
                return run(books, audit, metronome);
            } finally {
                for (ChildProcess<?> child : crowd) if (child != null) child.kill();
            }
        }
    }

    private boolean run(Books books, Audit audit, Metronome metronome) throws InterruptedException {
        for (int i = 0; i < crowd.length; i++) start(books, i);
        for (int i = 0; i < crowd.length && failure == null; i++) awaitWork(books, audit, i, 1);
        metronome.start();
        long begin = System.nanoTime();
        long end = begin + plan.time.toNanos();
        while (failure == null && System.nanoTime() < end && audit.kills() < plan.kills) {
            pause(audit, random.nextLong(plan.pauseMillis + 1));
            killOne(books, audit, random.nextInt(crowd.length));
            line.show(text(books, audit, begin));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long pause = metronome.longestPauseNanos();
        long delay = metronome.longestDelayNanos();
        if (failure == null) finish(books, audit);
        line.finish(text(books, audit, begin));
        out.print(audit.report());
        out.printf(
                Locale.ROOT,
                " throughput   %,.0f messages a second, in %.1f s%n",
                audit.messages() / seconds,
                seconds);
        out.printf(
                Locale.ROOT,
                """
                 stalls       one process waited %.1f ms at most, %,d times over %d ms
                              less the time for which a process had no CPU or was killed and not dead yet: %.1f ms, %,d times
                              nothing moved for %.1f ms at most; an idle thread of the parent came %.1f ms late at most
                              a killed process was dead after %.1f ms at most
                """,
                books.longestWaitNanos() / 1e6,
                books.longWaits(),
                Books.LONG_NANOS / 1_000_000,
                books.longestWaitOfOursNanos() / 1e6,
                books.longWaitsOfOurs(),
                pause / 1e6,
                delay / 1e6,
                longestDeath / 1e6);
        if (failure != null) out.println("FAILED: " + failure);
        boolean good = failure == null && audit.balances();
        out.println(good ? "The books balance." : "The books do NOT balance. Seed: " + plan.seed);
        return good;
    }

    private static String text(Books books, Audit audit, long begin) {
        return String.format(
                Locale.ROOT,
                "%.0f s, %,d kills, %,d messages, lost %d, longest wait %.1f ms",
                (System.nanoTime() - begin) / 1e9,
                audit.kills(),
                audit.messages(),
                audit.lost(),
                books.longestWaitNanos() / 1e6);
    }

    private void start(Books books, int process) {
        before[process] = books.progress().get(process);
        int producers = plan.producers;
        crowd[process] =
                process < producers
                        ? ChildProcess.of(() -> Workers.produce(books, process))
                                .name("producer-" + process)
                                .start()
                        : ChildProcess.of(() -> Workers.consume(books, process))
                                .name("consumer-" + process)
                                .start();
    }

    private void pause(Audit audit, long millis) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        do { // until the pause is over
            audit.settle();
            Thread.sleep(Math.min(millis, LOOK_MILLIS));
        } while (System.nanoTime() < end);
    }

    private void killOne(Books books, Audit audit, int process) throws InterruptedException {
        if (!awaitWork(books, audit, process, 1) || !awaitFellow(books, audit, process)) return;
        long start = System.nanoTime();
        books.killBegins();
        crowd[process].kill();
        crowd[process].join();
        books.killEnds();
        longestDeath = Math.max(longestDeath, System.nanoTime() - start);
        boolean killed =
                crowd[process].exitStatus() instanceof ExitStatus.Signalled(int signal)
                        && signal == SIGKILL;
        if (!killed) failure = crowd[process].name() + " ended: " + crowd[process].exitStatus();
        audit.ended(process, true);
        if (killed) start(books, process);
    }

    /*
     * So that one that goes on does the same as the one that is killed, and has done so for a while. Else all would wait for a
     * JVM's start. If there is but one of its kind, they do.
     */
    private boolean awaitFellow(Books books, Audit audit, int process) throws InterruptedException {
        int first = process < plan.producers ? 0 : plan.producers;
        int last = process < plan.producers ? plan.producers : crowd.length;
        if (last - first == 1) return true;
        int fellow = process > first ? process - 1 : process + 1;
        return awaitWork(books, audit, fellow, 2 * Books.WARM_UP);
    }

    /* So that what is killed was at work. */
    private boolean awaitWork(Books books, Audit audit, int process, long messages)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (books.progress().get(process) < before[process] + messages) {
            audit.settle();
            if (!crowd[process].isAlive())
                failure = crowd[process].name() + " ended: " + crowd[process].exitStatus();
            else if (System.nanoTime() > end)
                failure = crowd[process].name() + " does not get on: " + books.queue().statistics();
            if (failure != null) return false;
            Thread.sleep(1);
        }
        return true;
    }

    private void finish(Books books, Audit audit) throws InterruptedException {
        books.queue().close();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; i < crowd.length; i++) {
            while (crowd[i].isAlive() && System.nanoTime() < end) {
                audit.settle();
                Thread.sleep(1);
            }
            if (crowd[i].isAlive()) failure = crowd[i].name() + " does not see the end";
            else if (!crowd[i].exitStatus().isSuccess())
                failure = crowd[i].name() + " ended: " + crowd[i].exitStatus();
            audit.ended(i, false);
        }
        if (failure == null) audit.settleAll();
    }
}
