package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Codec;
import dev.interlock.Connection;
import dev.interlock.ConnectionClosedException;
import dev.interlock.Pipe;
import dev.interlock.PipeOptions;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedQueue;
import dev.interlock.SharedSemaphore;
import dev.interlock.internal.os.KillPoints;
import java.lang.Thread.State;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process closes a region while threads of it are in the middle of using what lies there; they go on before each step of the closing,
 * those of the sweep and those between sweep and unmapping too, when others may already have what was taken back from them.
 * Each of them has either done what it was about to, or is told that the region is closed, and then has done nothing.
 */
@Timeout(300)
class ClosedWhileUsedIT {
    private static final String STEP = "step";
    private static final String OVER = "over";
    private static final String HAS_IT = "has it";
    private static final byte[] FIRST = {1, 1, 1, 1, 1, 1, 1, 1};
    private static final byte[] LATE = {2, 2, 2, 2, 2, 2, 2, 2};
    private static final byte[] MEANWHILE = {3, 3, 3, 3, 3, 3, 3, 3};
    private static final int PERMITS = 3;

    @RegisterExtension final Stage stage = new Stage();

    private static SharedQueue<byte[]> queue(Region region) {
        return region.queue("q", QueueOptions.capacity(4).messageBytes(8), Codec.byteArrays());
    }

    private static SharedQueue<Connection> ends(Region region) {
        return region.queue("ends", QueueOptions.capacity(1));
    }

    private static SharedSemaphore semaphore(Region region) {
        return region.semaphore("s", PERMITS);
    }

    /** Threads that begin something, go on when they may, and say how that ended. */
    private static final class Users {
        private final CountDownLatch begun = new CountDownLatch(5);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final TreeMap<String, String> outcomes = new TreeMap<>(); // guarded by itself
        private final List<Thread> threads = new ArrayList<>();

        private interface Use {
            /** Calls {@link #pause()} once, in the middle. */
            void run() throws Exception;
        }

        @SuppressWarnings("LockNotBeforeTry") // what if unlock() throws is what is tested
        Users(Region region, Connection end) throws Exception {
            SharedQueue<byte[]> queue = queue(region);
            SharedLock lock = region.lock("l");
            SharedSemaphore semaphore = semaphore(region);
            use(
                    "offer",
                    () ->
                            queue.offer(
                                    8,
                                    into -> {
                                        pause();
                                        into.copyFrom(MemorySegment.ofArray(LATE));
                                    }));
            use("poll", () -> queue.poll(_ -> pause()));
            use(
                    "unlock",
                    () -> {
                        lock.lock();
                        pause();
                        lock.unlock();
                    });
            use(
                    "release",
                    () -> {
                        semaphore.acquire();
                        pause();
                        semaphore.release();
                    });
            use(
                    "send",
                    () -> {
                        pause();
                        end.sendBytes(LATE);
                    });
            begun.await();
        }

        private void use(String name, Use use) {
            threads.add(
                    Thread.ofPlatform().daemon().name(name).start(() -> note(name, outcome(use))));
        }

        private static String outcome(Use use) {
            try {
                use.run();
                return "done";
            } catch (IllegalStateException closed) {
                return "closed";
            } catch (Throwable e) {
                e.printStackTrace();
                return e.toString().replace(' ', '_');
            }
        }

        private void note(String name, String outcome) {
            synchronized (outcomes) {
                outcomes.put(name, outcome);
            }
        }

        private void pause() {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalArgumentException(e);
            }
        }

        /** Lets them go on, until each has ended, or waits for a lock of this JVM that the closing thread has. */
        void goOn() {
            goOn.countDown();
            for (Thread thread : threads)
                while (thread.isAlive() && !isBlocked(thread)) LockSupport.parkNanos(100_000);
        }

        private static boolean isBlocked(Thread thread) {
            State state = thread.getState();
            return state == State.BLOCKED || (state == State.WAITING && inStay(thread));
        }

        private static boolean inStay(Thread thread) {
            for (StackTraceElement frame : thread.getStackTrace())
                if (frame.getClassName().endsWith(".Stay")) return true;
            return false;
        }

        String join() throws InterruptedException {
            goOn();
            for (Thread thread : threads) thread.join();
            synchronized (outcomes) {
                return outcomes.toString();
            }
        }
    }

    static final class Verbs {
        /** Closes the region again and again, each time with a pause before a later step, until it has no more. */
        static void closeAtEachStep(Child me) throws Exception {
            boolean[] paused = {true};
            for (long step = 1; paused[0]; step++) {
                me.hear();
                Region region = me.open("r");
                Pipe pipe = Pipe.oneWay(region, PipeOptions.defaults().capacity(256));
                ends(region).put(pipe.first());
                pipe.first().close();
                me.hear(); // until the receiver has it: else it would go with this process
                Users users = new Users(region, pipe.second());
                paused[0] = false;
                KillPoints.atStep(
                        step,
                        Thread.currentThread(),
                        () -> {
                            paused[0] = true;
                            pause(me, users);
                        });
                region.close();
                KillPoints.disarm();
                if (!paused[0]) me.say(OVER);
                me.say(users.join());
            }
        }

        /** Counts the messages of one pipe after the other: in a process of its own, since a connection's region stays open. */
        static void receive(Child me) throws Exception {
            SharedQueue<Connection> ends = ends(me.open("r"));
            while (true) { // until it is killed
                Connection end = ends.take();
                me.say(HAS_IT);
                int count = 0;
                try {
                    for (; true; count++) assertThat(end.recvBytes()).isEqualTo(LATE);
                } catch (ConnectionClosedException over) {
                    me.say("received " + count);
                }
                end.close();
            }
        }

        private static void pause(Child me, Users users) {
            try {
                me.say(STEP);
                me.hear();
            } catch (InterruptedException e) {
                throw new IllegalArgumentException(e);
            }
            users.goOn();
        }
    }

    @Test
    void usersGoOnBetweenTheStepsOfClosing_theyHaveDoneAllOrNothing() throws Exception {
        var launch = ChildJvm.Launch.INTERPRETED.with("-Dinterlock.killpoints=true");
        try (Region region = stage.open("r")) {
            queue(region);
            semaphore(region);
            ChildJvm child = stage.start(launch, Verbs.class, "closeAtEachStep");
            Map<String, Integer> found = new TreeMap<>();
            ChildJvm receiver = stage.start(Verbs.class, "receive");
            Await.until("the receiver is there", () -> region.processes().size() == 2);
            for (boolean over = false; !over; ) over = playOnce(region, child, receiver, found);
            child.joinWell();
            receiver.kill();
            System.out.println(found);
            for (String use : List.of("offer", "poll", "unlock", "release", "send"))
                assertThat(found).as("closed before it went on").containsKey(use + "=closed");
            region.unlink();
        }
    }

    /* Whether the closing has no further step. */
    private boolean playOnce(
            Region region, ChildJvm child, ChildJvm receiver, Map<String, Integer> found)
            throws Exception {
        SharedQueue<byte[]> queue = queue(region);
        queue.put(FIRST);
        child.say("go");
        receiver.expect(HAS_IT);
        child.say("close");
        String said = child.hear();
        boolean over = OVER.equals(said);
        List<byte[]> rest = new ArrayList<>();
        boolean put = false;
        if (!over) {
            assertThat(said).isEqualTo(STEP);
            byte[] back = queue.poll(); // what was given back, if it was
            if (back != null) rest.add(back);
            put = queue.offer(MEANWHILE);
            child.say("go on");
        }
        String outcomes = String.valueOf(child.hear());
        for (String outcome : outcomes.substring(1, outcomes.length() - 1).split(", ", -1))
            found.merge(outcome, 1, Integer::sum);
        Await.until("it is gone", () -> region.processes().size() == 2);
        receiver.expect(outcomes.contains("send=done") ? "received 1" : "received 0");
        queue.drainTo(rest);
        check(region, outcomes, put, rest);
        return over;
    }

    private static void check(Region region, String outcomes, boolean put, List<byte[]> rest)
            throws Exception {
        List<byte[]> expected = new ArrayList<>();
        if (outcomes.contains("poll=closed")) expected.add(FIRST);
        if (outcomes.contains("offer=done")) expected.add(LATE);
        if (put) expected.add(MEANWHILE);
        assertThat(rest).as(outcomes).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(queue(region).remainingCapacity()).as(outcomes).isEqualTo(4);
        SharedLock lock = region.lock("l");
        assertThat(lock.tryLock(Await.WATCHDOG)).as(outcomes).isTrue();
        lock.markConsistent();
        lock.unlock();
        assertThat(semaphore(region).availablePermits()).as(outcomes).isEqualTo(PERMITS);
    }
}
