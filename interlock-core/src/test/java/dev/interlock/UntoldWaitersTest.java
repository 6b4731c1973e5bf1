package dev.interlock;

import dev.interlock.internal.sync.QueueLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for what the end of a message makes possible notices it, though nobody tells, if it comes just when the wait begins. */
class UntoldWaitersTest {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long SLOTS = QueueLayout.bytes(0, 0);
    private static final Duration SOON = Duration.ofMillis(500); // nobody waits longer who notices
    private static final int LAP_BITS = 32;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("r", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private interface Action {
        void run(SharedQueue<String> queue) throws Exception;
    }

    /** What is waited for, at a queue whose one place has a message; if it is the end, somebody reads that. */
    @SuppressWarnings("ImmutableEnumChecker") // its actions capture nothing
    enum Waiting {
        PUT(false, queue -> queue.put("b")),
        OFFER_FOR_A_TIME(false, queue -> queue.offer("b", Duration.ofHours(1))),
        PUT_A_LARGE_MESSAGE(false, queue -> queue.put("b".repeat(10_000))),
        PUT_SEVERAL(false, queue -> queue.putAll(List.of("b"))),
        ROOM(false, queue -> WaitSet.any(queue.room())),
        JOIN(false, SharedQueue::join),
        TAKE_AT_THE_END(true, SharedQueue::take),
        END_AMONG_OTHERS(true, queue -> WaitSet.any(queue));

        private final boolean isForTheEnd;
        private final Action action;

        Waiting(boolean isForTheEnd, Action action) {
            this.isForTheEnd = isForTheEnd;
            this.action = action;
        }
    }

    /* Where this thread comes too late once, it tries again: what nobody looks for is never noticed. */
    @ParameterizedTest
    @EnumSource
    void whatHappensAsTheWaitBegins_isNoticed(Waiting waiting) {
        Watchdog.await(waiting + " ends", () -> endsUntold(waiting));
    }

    private boolean endsUntold(Waiting waiting) {
        try {
            SharedQueue<String> queue = region.queue(QueueOptions.capacity(1));
            queue.add("a");
            if (waiting.isForTheEnd) leaveToAReader(queue);
            Thread waiter = Thread.ofPlatform().daemon().start(() -> wait(waiting, queue));
            Watchdog.await(waiter + " sleeps", () -> isAsleep(waiter) || !waiter.isAlive());
            if (!waiter.isAlive()) return false; // it did not have to wait
            end(queue);
            return waiter.join(SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void leaveToAReader(SharedQueue<String> queue) throws InterruptedException {
        queue.takeLease();
        queue.close();
    }

    /* One that goes unnoticed waits until the region is closed. */
    private static void wait(Waiting waiting, SharedQueue<String> queue) {
        try {
            waiting.action.run(queue);
        } catch (Exception closed) {
            // the end of the queue, or of the region
        }
    }

    /* After its try. In the kernel, as who looks again and again need not be told. */
    private static boolean isAsleep(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().startsWith("waitFor")) return true;
            if (frame.getClassName().endsWith(".AnyWord") && frame.getMethodName().equals("sleep"))
                return thread.getState() != Thread.State.RUNNABLE;
        }
        return false;
    }

    /* As who finishes the message stores it, and no more. */
    private static void end(SharedQueue<String> queue) {
        MemorySegment memory = queue.handle.region().mapping().memory();
        long slot = queue.handle.payload() + SLOTS;
        long word = (long) LONG.getVolatile(memory, slot);
        LONG.setVolatile(memory, slot, ((word >>> LAP_BITS) + 1) << LAP_BITS);
    }
}
