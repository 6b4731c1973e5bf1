package dev.interlock.internal.pool;

import dev.interlock.ChildProcess;
import dev.interlock.PoolStatistics;
import dev.interlock.ProcessStartException;
import dev.interlock.Region;
import dev.interlock.internal.process.EarlyJvm;
import dev.interlock.internal.process.Processes;
import dev.interlock.internal.process.Spares;
import dev.interlock.internal.process.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Way of a task   submit -> `waiting`, if there is no slot -> a slot of the board (Flights) -> a worker -> a report -> settled
 *
 * Threads         Callers give tasks away themselves, if there is a slot. The collector reads the reports, settles, and gives away what
 *                 waits; a caller may do so in its place (Lookout). It runs nothing of the user's but the retry policy.
 *
 * Phases          RUNNING    takes tasks
 *                 FINISHING  takes none; those that it has are run                      by shutdown
 *                 STOPPING   takes none; those that nobody has begun are cancelled      by shutdownNow, or trouble with the workers
 *                 ENDED      no task, no worker, no region
 *                 The middle two pass to ENDED when the last task is settled, and then the last worker is gone. All pass to it at once
 *                 when the shared memory is found damaged, since nothing can be learnt of any task then.
 *
 * Lock            `lock` guards all that is not final. Futures are settled when it was released (Settling), since that wakes others.
 */
/** The heart of a pool, in the process that made it: who runs what, and what becomes of it. */
final class Dispatcher {
    private enum Phase {
        RUNNING,
        FINISHING,
        STOPPING,
        ENDED
    }

    private static final int LEVELS = 500; // of stack, for who gives a task away
    private static final long PAUSE_NANOS = 100_000;
    private static final long PAUSE_BEFORE_READY_NANOS = 1_000_000; // JVMs that start need the CPUs
    private static final long INTERRUPT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    final PoolSettings settings;
    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition(); // a task was given away, or the pool ended
    final Condition pause = lock.newCondition(); // never signalled
    final Flights flights;
    final Crew crew;
    final Counters counters = new Counters();
    private final Lookout lookout;
    private final Events events = Events.make();

    private final Region region;
    final Board board;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<PoolTask<?>> waiting =
            new ArrayDeque<>(); // for a slot; may hold settled ones
    private Phase phase = Phase.RUNNING;
    private boolean isClosed; // the queue of tasks
    private volatile boolean hasInterrupted; // all that ran
    private @Nullable RuntimeException trouble; // why it stopped by itself

    private Dispatcher(PoolSettings settings, Region region, @Nullable EarlyJvm first) {
        this.settings = settings;
        this.region = region;
        this.board = Board.in(region);
        this.flights = new Flights(board);
        this.lookout = new Lookout(this, board);
        this.crew = new Crew(this, settings, region, first);
    }

    /* Making the region takes a tenth of the time that the first worker takes to start, so that one begins before. */
    static Dispatcher start(PoolSettings settings) {
        EarlyJvm first = firstJvm(settings);
        boolean started = false;
        try {
            Dispatcher dispatcher = startWith(first, settings);
            started = true;
            return dispatcher;
        } finally {
            if (!started && first != null) first.giveUp();
        }
    }

    private static @Nullable EarlyJvm firstJvm(PoolSettings settings) {
        boolean isUseful =
                settings.minWorkers() > 0 && settings.hasPlainJvms() && !Spares.isAnyReady();
        return isUseful ? EarlyJvm.start(settings.workerName(1)) : null;
    }

    private static Dispatcher startWith(@Nullable EarlyJvm first, PoolSettings settings) {
        Region region = Region.temporary();
        boolean started = false;
        try {
            Dispatcher dispatcher = new Dispatcher(settings, region, first);
            dispatcher.begin();
            started = true;
            return dispatcher;
        } finally {
            if (!started) region.close();
        }
    }

    /*
     * The collector is no daemon: an open pool keeps the JVM alive, as any executor does. It is started first, as no worker is to be there if
     * there is no thread for it; and under the lock, so that it finds workers where any are to start at once: as long as these are new it
     * looks for reports, and does not sleep on the queue's word, which a new worker would have to link native calls for to wake it.
     */
    private void begin() {
        locked(settling -> {
            Threads.start(
                    "interlock-" + settings.name(), false, new Collector(this, board.reports));
            if (settings.taskTimeLimitNanos() > 0 || settings.idleTimeoutNanos() > 0)
                Threads.start("interlock-time-" + settings.name(), true, new TimeKeeper(this));
            balance(settling);
        });
    }

    /** What to settle when the lock was released. */
    private static final class Settling {
        private final List<Runnable> actions = new ArrayList<>();

        void settle(PoolTask<?> task, Answer answer) {
            task.forget();
            actions.add(() -> task.settle(answer));
        }

        void cancel(PoolTask<?> task) {
            task.message = null;
            actions.add(() -> task.settled.cancel(false));
        }
    }

    private interface Step {
        void run(Settling settling);
    }

    private void locked(Step step) {
        Settling settling = new Settling();
        lock.lock();
        run(step, settling);
    }

    /** The same, unless another thread has the lock. */
    private void lockedIfFree(Step step) {
        Settling settling = new Settling();
        if (lock.tryLock()) run(step, settling);
    }

    private void run(Step step, Settling settling) {
        try {
            step.run(settling);
        } finally {
            lock.unlock();
            settling.actions.forEach(Runnable::run);
        }
    }

    // ---- tasks come in ----

    /** Refuses if the pool takes no more tasks, or the caller has no stack for giving one away. */
    void requireRunning() {
        StackRoom.require(LEVELS);
        lock.lock();
        try {
            if (phase != Phase.RUNNING) throw rejection();
        } finally {
            lock.unlock();
        }
    }

    private RejectedExecutionException rejection() {
        if (trouble != null) return new RejectedExecutionException(trouble.getMessage(), trouble);
        return new RejectedExecutionException(
                "Pool '"
                        + settings.name()
                        + "' was shut down and takes no more tasks. Make another one to go on.");
    }

    /**
     * Takes a task that was given to no pool yet.
     *
     * @throws RejectedExecutionException if the pool takes no more
     */
    void dispatch(PoolTask<?> task) {
        lock.lock();
        try {
            if (phase != Phase.RUNNING) throw rejection();
            if (task.isOver) return; // it was cancelled before
            lookout.disturb();
            task.givenNanos = System.nanoTime();
            if (!waiting.isEmpty() || !startNow(task)) waiting.add(task);
            task.isGiven = true;
            counters.submitted++;
            crew.workOn(outstanding());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes tasks that were given to no pool yet, all or none. One that there is no memory for fails.
     *
     * @throws RejectedExecutionException if the pool takes no more
     */
    void dispatchAll(List<? extends PoolTask<?>> tasks) {
        StackRoom.require(LEVELS);
        locked(settling -> {
            if (phase != Phase.RUNNING) throw rejection();
            lookout.disturb();
            for (PoolTask<?> task : tasks) dispatch(task, settling);
            crew.workOn(outstanding());
            changed.signalAll();
        });
    }

    private void dispatch(PoolTask<?> task, Settling settling) {
        if (task.isOver) return; // it was cancelled before
        task.givenNanos = System.nanoTime();
        task.isGiven = true;
        counters.submitted++;
        try {
            if (!waiting.isEmpty() || !startNow(task)) waiting.add(task);
        } catch (RuntimeException e) { // there is no room for it in memory
            fail(task, e, settling);
        }
    }

    private boolean startNow(PoolTask<?> task) {
        byte[] message = task.message();
        if (!flights.start(task, message)) return false;
        if (!settings.mayRetry()) task.message = null; // it is in the queue
        return true;
    }

    private int outstanding() {
        return flights.count() + waiting.size();
    }

    /** Gives away what waits, as far as there is room. */
    private void startWaiting(Settling settling) {
        PoolTask<?> task;
        while ((task = waiting.peek()) != null) {
            try {
                if (!task.isOver && !startNow(task)) return;
            } catch (RuntimeException e) { // there is no room for it in memory
                fail(task, e, settling);
            }
            waiting.remove();
        }
    }

    // ---- reports ----

    /** Called by the collector with what it has found. Takes them out one by one: what an error leaves there is still to be handled. */
    void handle(Queue<byte[]> reports) {
        locked(settling -> {
            while (!reports.isEmpty()) {
                Report report = new Report(reports.element());
                reports.remove();
                handleSafely(report, settling);
            }
            startWaiting(settling);
            balance(settling);
        });
    }

    /** Called by the collector with the head of a report that is too large for this JVM's memory. */
    void handleUnread(byte[] head, OutOfMemoryError problem) {
        Report report = new Report(head);
        if (report.kind() == Report.UNFIT) return; // the worker's end will tell
        locked(settling -> {
            answer(report, Answer.failed(problem), settling);
            startWaiting(settling);
            balance(settling);
        });
    }

    /** Called by a caller that looks for a report, when there is one. Never waits: the collector reads it in any case. */
    void readReport() {
        lockedIfFree(settling -> {
            byte[] message = board.reports.poll();
            if (message == null) return;
            Report report = new Report(message);
            if (report.kind() == Report.GONE || report.kind() == Report.UNFIT) {
                settling.actions.add(() -> note(message)); // for the collector, see Lookout
                return;
            }
            handleSafely(report, settling);
            startWaiting(settling);
            balance(settling);
        });
    }

    /* The collector must go on, whatever is wrong with one report: all futures depend on it. */
    private void handleSafely(Report report, Settling settling) {
        try {
            handle(report, settling);
        } catch (RuntimeException | Error e) {
            settling.actions.add(() -> Collector.tell(e));
        }
    }

    private void handle(Report report, Settling settling) {
        switch (report.kind()) {
            case Report.READY -> ready(report.worker());
            case Report.UNFIT -> stopFor(crew.unfit(report.worker(), report.body()), settling);
            case Report.RESULT, Report.FAILURE -> answer(report, null, settling);
            case Report.SKIPPED -> flights.endCancelled(report.slot(), report.ticket());
            case Report.GONE -> gone(report.worker(), settling);
            default -> {} // LOOK: what follows is what it is about
        }
    }

    private void answer(Report report, @Nullable Answer instead, Settling settling) {
        long begunNanos = board.beginNanos(report.slot());
        PoolTask<?> task = flights.end(report.slot(), report.ticket());
        Worker worker = crew.reported(report);
        if (task == null || worker == null) return;
        task.ended++;
        boolean hasFailed = report.kind() == Report.FAILURE || task.isOverdue || instead != null;
        events.ended(settings.name(), worker, task, begunNanos, hasFailed ? "FAILURE" : "RESULT");
        if (task.isOver) return; // it was cancelled meanwhile
        Answer answer =
                instead != null
                        ? instead
                        : Answer.reported(report.message(), worker.toString(), task.loader());
        if (task.isOverdue) answer = Answer.failed(overdue(null));
        if (hasFailed && settings.mayRetry() && runAgain(task, answer)) return;
        settle(task, answer, hasFailed, settling);
    }

    private void settle(PoolTask<?> task, Answer answer, boolean hasFailed, Settling settling) {
        if (task.isOver) return;
        task.isOver = true;
        counters.done++;
        if (hasFailed) counters.failed++;
        settling.settle(task, answer);
    }

    private void fail(PoolTask<?> task, Throwable cause, Settling settling) {
        settle(task, Answer.failed(cause), true, settling);
    }

    private boolean runAgain(PoolTask<?> task, Answer answer) {
        Throwable failure = answer.failure();
        if (failure == null || phase == Phase.STOPPING || !shouldRetry(task, failure)) return false;
        counters.retried++;
        task.isOverdue = false;
        task.givenNanos = System.nanoTime();
        waiting.addFirst(task);
        return true;
    }

    private boolean shouldRetry(PoolTask<?> task, Throwable failure) {
        try {
            return settings.retryPolicy().shouldRetry(task.ended, failure);
        } catch (Throwable e) { // of the user's policy
            if (!e.equals(failure)) failure.addSuppressed(e);
            return false;
        }
    }

    // ---- callers look for reports ----

    /** Waits for a task, if it will be done soon. It may be done then, or not. */
    void lookFor(PoolTask<?> task, long nanos) {
        lookout.lookFor(task, nanos);
    }

    /** Lets the caller look for the task's report; null if it should not. Never waits. */
    Board.@Nullable Place beginLook(PoolTask<?> task) {
        if (settings.mayRetry() || !lock.tryLock()) return null;
        try {
            boolean isAlone = outstanding() == 1 && task.slot >= 0;
            if (!isAlone || crew.isNew()) return null;
            return lookout.begin(task) ? new Board.Place(task.slot, task.ticket) : null;
        } finally {
            lock.unlock();
        }
    }

    // ---- workers come and go ----

    /** Has the collector see something, after all that was reported before. */
    void note(byte[] report) {
        try {
            Threads.uninterruptibly(() -> {
                board.reports.put(report);
                return null;
            });
        } catch (RuntimeException e) {
            breakDown(e);
        }
    }

    /** Has the collector look, now or when it has read what there is. Waits for nothing. */
    void callCollector() {
        try {
            board.reports.offer(Report.of(Report.LOOK, 0)); // or it has much to read
        } catch (RuntimeException e) {
            // the pool has ended meanwhile, or is about to break down, which is not for who holds
            // its lock
        }
    }

    void started(Worker worker, ChildProcess<Void> child) {
        locked(_ -> worker.started(child));
    }

    void endTurn() {
        locked(_ -> crew.endTurn());
    }

    void notStarted(Worker worker, Throwable problem) {
        locked(settling -> {
            stopFor(crew.notStarted(worker, problem), settling);
            balance(settling);
        });
    }

    private void ready(int number) {
        Worker worker = crew.ready(number);
        if (worker != null) events.ready(settings.name(), worker);
    }

    private void gone(int number, Settling settling) {
        if (mayBeEnding(number)) return;
        Worker worker = crew.remove(number);
        if (worker == null) return;
        events.gone(settings.name(), worker, worker.process().exitStatus().toString());
        PoolTask<?> inHand = flights.inHandOf(number);
        if (inHand == null && worker.isReady()) return; // it left, or was idle
        Throwable death = death(worker);
        if (Processes.isEnding()) forget(inHand);
        else if (inHand != null) died(worker, inHand, death, settling);
        else if (!worker.isLeaving()) stopFor(crew.endedEarly(worker, death), settling);
    }

    /*
     * Control-C ends this JVM and its workers alike, and theirs may be seen first. So their deaths are looked at again when this JVM would be
     * known to be ending, too: then nobody wants to be told of them.
     */
    private boolean mayBeEnding(int number) {
        Worker worker = crew.get(number);
        if (worker == null || !worker.isFirstLookAtInterrupt()) return false;
        Thread.ofVirtual()
                .name("interlock-interrupt")
                .start(() -> {
                    LockSupport.parkNanos(INTERRUPT_NANOS);
                    note(Report.of(Report.GONE, number));
                });
        return true;
    }

    /** Lets go of a task whose end this JVM does not live to see. */
    private void forget(@Nullable PoolTask<?> task) {
        if (task == null) return;
        var _ = flights.end(task.slot, task.ticket);
    }

    private void died(Worker worker, PoolTask<?> task, Throwable death, Settling settling) {
        long begunNanos = flights.beginNanos(task);
        var _ = flights.end(task.slot, task.ticket);
        task.ended++;
        events.ended(settings.name(), worker, task, begunNanos, "DEATH");
        if (task.isOver) return;
        Answer answer = Answer.failed(task.isOverdue ? overdue(death) : death);
        if (settings.mayRetry() && runAgain(task, answer)) return;
        settle(task, answer, true, settling);
    }

    private static Throwable death(Worker worker) {
        AssertionError noDeath = new AssertionError(worker + " returned from an endless loop");
        try {
            Void _ = worker.process().get();
            return noDeath;
        } catch (ExecutionException e) {
            return e.getCause() == null ? noDeath : e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e); // it has ended, and nobody interrupts this thread
        }
    }

    private TimeoutException overdue(@Nullable Throwable death) {
        TimeoutException problem =
                new TimeoutException(
                        "The task took longer than "
                                + java.time.Duration.ofNanos(settings.taskTimeLimitNanos())
                                + ", the limit of pool '"
                                + settings.name()
                                + "', and was "
                                + (death == null
                                        ? "interrupted."
                                        : "killed with its worker, as it did not end when it was interrupted."));
        if (death != null) problem.addSuppressed(death);
        return problem;
    }

    /** The right number of workers; or the end, if it has come. */
    private void balance(Settling settling) {
        stopFor(crew.tryAgain(), settling);
        if (phase == Phase.RUNNING) {
            crew.workOn(outstanding());
        } else if (phase != Phase.ENDED) {
            if (outstanding() == 0) closeTasks();
            if (phase == Phase.FINISHING) crew.finish(outstanding());
            else crew.dismiss(worker -> flights.inHandOf(worker.number) != null);
            if (outstanding() == 0 && crew.isEmpty()) end(settling);
        }
        changed.signalAll();
    }

    private void closeTasks() {
        if (!isClosed) board.tasks.close();
        isClosed = true;
    }

    private void end(Settling settling) {
        phase = Phase.ENDED;
        settling.actions.add(() -> {
            try {
                region.close();
            } finally { // also if it is damaged
                ended.countDown();
            }
        });
    }

    /**
     * Called by who cannot go on with the shared memory. If that is because the pool has ended, or this JVM is about to, nothing happens;
     * else the memory is damaged: the tasks fail, the workers are killed, and the pool is at its end.
     */
    void breakDown(RuntimeException problem) {
        if (region.isClosed() || Processes.isEnding()) return;
        locked(settling -> {
            if (phase == Phase.ENDED) return;
            trouble = problem;
            for (PoolTask<?> task : flights.all()) fail(task, problem, settling);
            for (PoolTask<?> task : waiting) fail(task, problem, settling);
            waiting.clear();
            flights.abandon();
            crew.abandon();
            end(settling);
            changed.signalAll();
        });
    }

    private void stopFor(@Nullable ProcessStartException problem, Settling settling) {
        if (problem == null || trouble != null) return;
        trouble = problem;
        if (phase != Phase.ENDED) phase = Phase.STOPPING;
        for (PoolTask<?> task : unbegun()) fail(task, problem, settling);
    }

    // ---- tasks are given up ----

    /** Takes back all tasks that nobody has begun. */
    private List<PoolTask<?>> unbegun() {
        List<PoolTask<?>> tasks = new ArrayList<>();
        for (PoolTask<?> task : flights.all()) {
            if (flights.cancel(task)) tasks.add(task);
        }
        waiting.removeIf(task -> task.slot >= 0); // as has turned out, see Flights
        tasks.sort(java.util.Comparator.comparingLong(task -> task.ticket));
        tasks.addAll(waiting);
        waiting.clear();
        tasks.removeIf(task -> task.isOver);
        return tasks;
    }

    boolean cancel(PoolTask<?> task, boolean interrupt) {
        return giveUp(
                task,
                worker -> {
                    if (interrupt) worker.interrupt(task.ticket);
                });
    }

    boolean kill(PoolTask<?> task) {
        return giveUp(
                task,
                worker -> {
                    if (flights.condemn(task, worker.number)) worker.kill();
                });
    }

    private boolean giveUp(PoolTask<?> task, java.util.function.Consumer<Worker> ifRunning) {
        boolean[] done = new boolean[1];
        locked(settling -> {
            if (task.isOver) return;
            done[0] = true;
            cancel(task, settling);
            task.forget();
            if (flights.cancel(task)) return;
            Worker worker = workerOf(task);
            if (worker != null) ifRunning.accept(worker);
        });
        return done[0];
    }

    private void cancel(PoolTask<?> task, Settling settling) {
        task.isOver = true;
        if (task.isGiven) counters.cancelled++;
        settling.cancel(task);
    }

    @Nullable Worker workerOf(PoolTask<?> task) {
        for (Worker worker : crew.all()) {
            if (flights.isRunning(task, worker.number)) return worker;
        }
        return null;
    }

    int attempts(PoolTask<?> task) {
        lock.lock();
        try {
            return task.ended + (flights.isRunning(task) ? 1 : 0);
        } finally {
            lock.unlock();
        }
    }

    PoolStatistics statistics() {
        lock.lock();
        try {
            List<PoolStatistics.Worker> workers = new ArrayList<>();
            for (Worker worker : crew.all())
                workers.add(worker.describe(flights.inHandOf(worker.number) != null));
            int running = 0;
            for (PoolTask<?> task : flights.all()) running += flights.isRunning(task) ? 1 : 0;
            waiting.removeIf(task -> task.isOver); // cancelled
            return new PoolStatistics(
                    outstanding() - running,
                    running,
                    counters.submitted,
                    counters.done,
                    counters.failed,
                    counters.cancelled,
                    counters.retried,
                    workers);
        } finally {
            lock.unlock();
        }
    }

    // ---- the end ----

    void shutdown() {
        locked(settling -> {
            if (phase == Phase.RUNNING) phase = Phase.FINISHING;
            balance(settling);
        });
    }

    /** Cancels what nobody has begun, and interrupts what runs. */
    List<PoolTask<?>> shutdownNow() {
        List<PoolTask<?>> tasks = new ArrayList<>();
        locked(settling -> {
            if (phase == Phase.ENDED) return;
            phase = Phase.STOPPING;
            tasks.addAll(unbegun());
            for (PoolTask<?> task : tasks) cancel(task, settling);
            interruptAll();
            balance(settling);
        });
        return tasks;
    }

    private void interruptAll() {
        hasInterrupted = true;
        for (PoolTask<?> task : flights.all()) {
            Worker worker = workerOf(task);
            if (worker != null) worker.interrupt(task.ticket);
        }
    }

    /** Kills the workers, now and those that are starting. */
    void killAll() {
        locked(_ -> crew.all().forEach(Worker::kill));
    }

    boolean isShutdown() {
        lock.lock();
        try {
            return phase != Phase.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    /** Whether tasks that ran were interrupted, since the pool was to stop. */
    boolean hasInterrupted() {
        return hasInterrupted;
    }

    /** How long the collector waits before it looks for reports again; 0 if it may sleep until it is told of one, see {@link Collector}. */
    long pauseNanos() {
        lock.lock();
        try {
            if (!crew.isNew()) return 0;
            return crew.hasReady() ? PAUSE_NANOS : PAUSE_BEFORE_READY_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something to do. */
    boolean hasTasks() {
        lock.lock();
        try {
            return outstanding() > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return "ProcessPool[" + settings.name() + "]";
    }
}
