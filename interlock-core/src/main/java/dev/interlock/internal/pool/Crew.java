package dev.interlock.internal.pool;

import dev.interlock.Action;
import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import dev.interlock.ProcessStartException;
import dev.interlock.Region;
import dev.interlock.SharedByteArray;
import dev.interlock.internal.process.EarlyJvm;
import dev.interlock.internal.process.Launch;
import dev.interlock.internal.process.Outcome;
import dev.interlock.internal.process.Processes;
import dev.interlock.internal.process.StartProblem;
import dev.interlock.internal.process.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * A worker  starting -> ready -> [leaving] -> gone           told by READY, its own count or ours, and its end
 *
 * How many  As many as there are tasks to do, at least minWorkers and at most workers; besides, `spares` more that have started and run
 *           the initializer, and wait. A spare takes the place of a worker that is gone, and another spare its own.
 *
 * In turn   A JVM that starts keeps two CPUs busy, and two that share them take twice as long each. So no more start at once than there are
 *           CPUs for: the first is ready early, and the last no later. The next one's turn comes when one is ready, and after its first
 *           task if there are tasks, but no later than FIRST_TASK_MILLIS after that; or if one is not ready within TURN_MILLIS: an
 *           initializer may take its time.
 *
 * Trouble   A worker that ends by itself before it is ready could not be started. After MOST_FAILURES in a row the pool gives up, with what
 *           the last one said: the next would say the same. If signals ended them, somebody else did, and more of that is borne.
 *
 * No thread To start a worker takes a thread. If there is none to be had, that is such a failure, and none is started before the collector
 *           has looked: it waits for a moment, in which others may end. The caller, who wanted something else, is not told.
 */
/** The workers of a pool, and what is done to have the right number of them. Guarded by the pool's lock. */
final class Crew {
    private static final int MOST_FAILURES = 3;
    private static final int MOST_KILLED = 30;
    private static final int MOST_STARTING =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final long TURN_MILLIS = 150;
    private static final long FIRST_TASK_MILLIS = 20; // in which a short one is done

    private final Dispatcher dispatcher;
    private final PoolSettings settings;
    private final Region region;
    private final @Nullable SharedByteArray setup;
    private final Map<Integer, Worker> workers = new LinkedHashMap<>();
    private final Queue<Worker> unstarted =
            new ArrayDeque<>(); // those among them whose turn has not come
    private int starting; // whose turn it is
    private @Nullable EarlyJvm early; // for the first
    private int lastNumber;
    private int failures; // in a row
    private int killed; // in a row
    private volatile boolean lacksThread; // written under the lock
    private @Nullable ProcessStartException trouble; // that comes of it

    Crew(Dispatcher dispatcher, PoolSettings settings, Region region, @Nullable EarlyJvm early) {
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.region = region;
        this.setup = Setup.write(region, settings.initializer());
        this.early = early;
    }

    Collection<Worker> all() {
        return workers.values();
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    @Nullable Worker get(int number) {
        return workers.get(number);
    }

    private int active() {
        int active = 0;
        for (Worker worker : workers.values()) {
            if (!worker.isSpare() && !worker.isLeaving()) active++;
        }
        return active;
    }

    private int spares() {
        int spares = 0;
        for (Worker worker : workers.values()) {
            if (worker.isSpare() && !worker.isLeaving()) spares++;
        }
        return spares;
    }

    /** Sees to it that there are workers for so many tasks. */
    void workOn(int tasks) {
        int wanted = Math.clamp(tasks, settings.minWorkers(), settings.workers());
        for (int missing = wanted - active(); missing > 0; missing--) addWorker();
        for (int missing = settings.spares() - spares(); missing > 0; missing--) start(true);
    }

    /** The same, when no more tasks will come. */
    void finish(int tasks) {
        int wanted = Math.min(tasks, settings.workers());
        for (int missing = wanted - active(); missing > 0; missing--) addWorker();
        if (tasks == 0) dismiss(_ -> false);
    }

    /** Kills all, now and those that are starting, and knows none any more. */
    void abandon() {
        workers.values().forEach(Worker::kill);
        workers.clear();
        unstarted.clear();
    }

    /** Lets all go, as there is nothing more to do than what they have in hand. */
    void dismiss(Predicate<Worker> isBusy) {
        workers.values().removeAll(unstarted);
        unstarted.clear();
        boolean hasBegun = setup != null; // what an initializer does is not cut off
        for (Worker worker : workers.values()) {
            if (isBusy.test(worker)) continue; // it sees the end of the queue
            if (!worker.isReady() && !hasBegun) worker.giveUp();
            else if (worker.isSpare()) worker.leave(); // the others see the end of the queue
        }
    }

    /** Whether one is starting, or has started a moment ago. */
    boolean isNew() {
        for (Worker worker : workers.values()) {
            if (worker.isNew()) return true;
        }
        return false;
    }

    /** Whether one has said that it is ready. */
    boolean hasReady() {
        for (Worker worker : workers.values()) {
            if (worker.isReady()) return true;
        }
        return false;
    }

    /** Whether there are more than there must be. */
    boolean isTooLarge() {
        return active() > settings.minWorkers();
    }

    /** Lets those go that are too many for so many tasks. */
    void shrinkTo(int tasks) {
        int tooMany = active() - Math.max(tasks, settings.minWorkers());
        for (Worker worker : workers.values()) {
            if (tooMany <= 0) return;
            if (worker.isSpare() || worker.isLeaving() || !worker.isReady()) continue;
            worker.leave();
            tooMany--;
        }
    }

    private void addWorker() {
        Worker spare = null;
        for (Worker worker : workers.values()) {
            boolean isBetter = spare == null || (worker.isReady() && !spare.isReady());
            if (worker.isSpare() && !worker.isLeaving() && isBetter) spare = worker;
        }
        if (spare == null) start(false);
        else spare.work();
    }

    private void start(boolean isSpare) {
        if (lacksThread || Processes.isEnding()) return;
        int number = ++lastNumber;
        Worker worker = new Worker(number, settings.workerName(number), isSpare);
        workers.put(number, worker);
        unstarted.add(worker);
        startInTurn();
    }

    private void startInTurn() {
        while (!lacksThread && starting < MOST_STARTING && !unstarted.isEmpty()) {
            Worker worker = unstarted.remove();
            EarlyJvm jvm = early;
            early = null;
            try {
                Threads.start("interlock-start-" + worker.name, true, () -> launch(worker, jvm));
                starting++;
            } catch (OutOfMemoryError e) { // of threads
                if (jvm != null) jvm.giveUp();
                lackThread(worker, e);
            }
        }
    }

    private void lackThread(Worker worker, OutOfMemoryError problem) {
        lacksThread = true;
        trouble = notStarted(worker, StartProblem.noThread(worker.name, problem));
        dispatcher.callCollector();
    }

    /** Whether a worker could not be started for want of a thread, and {@link #tryAgain} was not called. Needs no lock. */
    boolean lacksThread() {
        return lacksThread;
    }

    /** If there was no thread, lets others be started again. What to give up for; null to go on. */
    @Nullable ProcessStartException tryAgain() {
        if (!lacksThread) return null;
        lacksThread = false;
        if (trouble == null) startInTurn();
        return trouble;
    }

    /** Lets the next one start. */
    void endTurn() {
        starting--;
        startInTurn();
    }

    /* Not under the lock: starting a process takes milliseconds. */
    private void launch(Worker worker, @Nullable EarlyJvm jvm) {
        try {
            Launch<Void> launch =
                    Launch.of(taskOf(worker))
                            .name(worker.name)
                            .daemon(true)
                            .jvmOptions(options())
                            .environment(settings.environment());
            ChildProcess<Void> child = startIn(jvm, launch);
            dispatcher.started(worker, child);
            var _ =
                    child.onExit()
                            .thenRun(() -> dispatcher.note(Report.of(Report.GONE, worker.number)));
            worker.awaitReady(TURN_MILLIS);
            if (!worker.startsAsSpare() && dispatcher.hasTasks())
                worker.awaitReport(FIRST_TASK_MILLIS);
        } catch (RuntimeException | Error e) {
            dispatcher.notStarted(worker, e);
        } finally {
            dispatcher.endTurn();
        }
    }

    private static ChildProcess<Void> startIn(@Nullable EarlyJvm jvm, Launch<Void> launch) {
        if (jvm == null) return launch.start();
        try {
            return launch.in(jvm).start();
        } finally {
            jvm.giveUp();
        }
    }

    private Action taskOf(Worker worker) {
        return PoolWorker.task(
                region,
                setup,
                worker.number,
                settings.tasksPerWorker(),
                settings.memoryLimit(),
                worker.startsAsSpare());
    }

    private String[] options() {
        List<String> options = new ArrayList<>(settings.jvmOptions());
        boolean hasLimit = options.stream().anyMatch(option -> option.startsWith("-Xmx"));
        if (settings.memoryLimit() > 0 && !hasLimit) options.add("-Xmx" + settings.memoryLimit());
        return options.toArray(String[]::new);
    }

    /** The worker; null if it is gone. */
    @Nullable Worker ready(int number) {
        Worker worker = workers.get(number);
        if (worker == null) return null;
        failures = 0;
        killed = 0;
        worker.becomeReady();
        return worker;
    }

    /** What to give up for; null to go on. */
    @Nullable ProcessStartException unfit(int number, byte[] failure) {
        Worker worker = workers.get(number);
        if (worker == null) return null;
        worker.isAboutToLeave();
        Throwable cause = Outcome.ofFailure(failure, worker.toString(), setupLoader()).failure();
        return failed(worker, "its initializer failed: " + cause, cause);
    }

    private @Nullable ClassLoader setupLoader() {
        return settings.initializer() == null
                ? null
                : settings.initializer().getClass().getClassLoader();
    }

    /** Counts a report. The worker that made it; null if it is gone. */
    @Nullable Worker reported(Report report) {
        Worker worker = workers.get(report.worker());
        if (worker == null) return null;
        worker.count(report.kind() == Report.FAILURE);
        if (worker.reported() == settings.tasksPerWorker()) worker.isAboutToLeave();
        return worker;
    }

    /** Null if it is not there. */
    @Nullable Worker remove(int number) {
        Worker worker = workers.remove(number);
        if (worker != null) worker.end();
        return worker;
    }

    /** What to give up for; null to go on. Called for a worker that ended before it was ready. */
    @Nullable ProcessStartException endedEarly(Worker worker, Throwable death) {
        if (worker.process().exitStatus() instanceof ExitStatus.Signalled) {
            killed++;
            return killed < MOST_KILLED
                    ? null
                    : problem(worker, String.valueOf(death.getMessage()), death);
        }
        return failed(worker, String.valueOf(death.getMessage()), death);
    }

    @Nullable ProcessStartException notStarted(Worker worker, Throwable problem) {
        workers.remove(worker.number);
        if (Processes.isEnding()) return null; // nothing is started any more, and nobody to be told
        return failed(worker, String.valueOf(problem.getMessage()), problem);
    }

    private @Nullable ProcessStartException failed(
            Worker worker, String what, @Nullable Throwable cause) {
        failures++;
        return failures < MOST_FAILURES ? null : problem(worker, what, cause);
    }

    private ProcessStartException problem(Worker worker, String what, @Nullable Throwable cause) {
        return new ProcessStartException(
                "The workers of pool '"
                        + settings.name()
                        + "' cannot be started, so the pool has stopped. The last of "
                        + Math.max(failures, killed)
                        + " in a row, "
                        + worker
                        + ": "
                        + what,
                cause);
    }
}
