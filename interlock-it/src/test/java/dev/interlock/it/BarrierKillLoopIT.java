package dev.interlock.it;

import static dev.interlock.it.KillLoop.require;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedBarrier;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that meet at barriers. A barrier lets through all parties or none: each notes, before it arrives, the
 * turn that it comes for, the action looks whether all have done so, and who is let through whether that turn, and no other, has
 * come. {@code -Dinterlock.it.kills} tells how many are killed.
 */
class BarrierKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 120);
    private static final int GROUPS = 3; // each with a barrier of its own
    private static final int PROCESSES = 2; // of a group
    private static final int THREADS = 2;
    private static final int PARTIES = PROCESSES * THREADS;
    private static final int MASKS = 8;

    /** Noted by who has not been let through yet, and so does not know which turn it is: the one before it may have been. */
    private static final long ANY_TURN = -1;

    @RegisterExtension final Stage stage = new Stage();

    /** One barrier, and what is known of it. */
    private static final class Meeting {
        final SharedBarrier barrier;
        final SharedLock resetting;
        final SharedLong turns; // changed by the action alone
        final SharedLongArray comesFor; // the turn that each party is about to arrive for
        final SharedLongArray indexes; // a bit for each index that was answered in a turn
        final SharedLong broken;
        final SharedLong stop;

        Meeting(Region region, int group) {
            barrier = region.barrier("b" + group, PARTIES, this::allAreThere);
            resetting = region.lock("l" + group);
            turns = region.longValue("turns" + group, 0);
            comesFor = region.longArray("comes for" + group, PARTIES);
            indexes = region.longArray("indexes" + group, MASKS);
            broken = region.longValue("broken" + group, 0);
            stop = region.longValue("stop", 0);
        }

        private void allAreThere() {
            long turn = turns.get() + 1;
            long[] seen = comesFor.toArray();
            for (long its : seen)
                require(
                        its == turn || its == ANY_TURN,
                        "turn " + turn + " with " + Arrays.toString(seen));
            indexes.set(turn % MASKS, 0);
            turns.set(turn);
        }

        /** Answers the turn that has come, or {@link #ANY_TURN} if the barrier was broken. */
        long meet(int party, long before, Random random) throws InterruptedException {
            boolean known = before != ANY_TURN;
            long expected = known ? before + 1 : ANY_TURN;
            comesFor.set(party, expected);
            try {
                int index = await(random);
                long turn = turns.get();
                require(!known || turn == expected, "turn " + turn + " instead of " + expected);
                long bit = 1L << index;
                long others = indexes.getAndAdd(turn % MASKS, bit);
                require((others & bit) == 0, "index " + index + " twice in turn " + turn);
                return turn;
            } catch (BrokenBarrierException | TimeoutException e) {
                long turn = turns.get();
                // Who ran the action may have died before it let the others through.
                require(
                        !known || turn == before || turn == expected,
                        "broken in turn " + turn + " instead of " + expected);
                makeWhole();
                return known ? turn : ANY_TURN;
            }
        }

        private int await(Random random)
                throws InterruptedException, BrokenBarrierException, TimeoutException {
            if (random.nextInt(50) == 0) barrier.abort();
            if (random.nextInt(10) > 0) return barrier.await();
            return barrier.await(Duration.ofMillis(random.nextInt(300)));
        }

        /* Nobody waits at a broken barrier, so one reset breaks no turn. */
        private void makeWhole() {
            if (stop.get() != 0) return;
            try (var _ = resetting.acquire()) {
                resetting.markConsistent();
                if (!barrier.isBroken()) return;
                broken.getAndAdd(1);
                barrier.reset();
            }
        }
    }

    static final class Verbs {
        static void work(Child me) throws Exception {
            int place = (int) me.number(0);
            Meeting meeting = new Meeting(me.open("r"), place / PROCESSES);
            Workers.run(
                    me,
                    THREADS,
                    (account, random) -> {
                        int party = account % PARTIES;
                        long turn = ANY_TURN;
                        while (meeting.stop.get() == 0) {
                            turn = meeting.meet(party, turn, random);
                            if (random.nextBoolean())
                                LockSupport.parkNanos(random.nextInt(300_000));
                        }
                    });
        }
    }

    @Test
    void manyKilledAtRandom_allAreLetThroughOrNone() throws Exception {
        Random random = Stage.random("barrier kill loop");
        KillLoop loop = new KillLoop(stage, Verbs.class, GROUPS * PROCESSES, random);
        try (Region region = stage.open("r")) {
            Meeting[] meetings = new Meeting[GROUPS];
            for (int group = 0; group < GROUPS; group++)
                meetings[group] = new Meeting(region, group);
            long[] before = new long[GROUPS];
            // An arrival counts until its process is known to be dead: only then may another come.
            KillLoop.Doom untilSwept =
                    new KillLoop.Doom() {
                        @Override
                        public void after(ChildJvm dead) throws Exception {
                            Await.until(
                                    dead + " is swept",
                                    () ->
                                            region.processes().stream()
                                                    .noneMatch(its -> its.pid() == dead.pid()));
                        }
                    };
            while (loop.killed() < KILLS) {
                int group = loop.killed() % GROUPS;
                Meeting meeting = meetings[group];
                long seen = before[group];
                Await.until(
                        "they meet again after " + loop.killed(), () -> meeting.turns.get() > seen);
                loop.kill(group * PROCESSES + random.nextInt(PROCESSES), untilSwept);
                before[group] = meeting.turns.get();
            }
            stop(meetings, loop);
            System.out.printf(
                    "%d killed, %s turns, %s of them broken%n",
                    loop.killed(),
                    sum(meetings, meeting -> meeting.turns),
                    sum(meetings, meeting -> meeting.broken));
            assertThat(region.processes()).hasSize(1);
            for (Meeting meeting : meetings) requireUsable(meeting);
            region.unlink();
        }
    }

    private interface Part {
        SharedLong of(Meeting meeting);
    }

    private static long sum(Meeting[] meetings, Part part) {
        return Arrays.stream(meetings).mapToLong(meeting -> part.of(meeting).get()).sum();
    }

    /* Who made the barrier whole just before may have been joined by others who wait. */
    private static void stop(Meeting[] meetings, KillLoop loop) throws Exception {
        meetings[0].stop.set(1);
        Await.until(
                "all have ended",
                () -> {
                    for (Meeting meeting : meetings) meeting.barrier.abort();
                    return loop.isOver();
                });
        loop.joinWell();
    }

    private static void requireUsable(Meeting meeting) throws Exception {
        meeting.barrier.reset();
        for (int party = 0; party < PARTIES; party++) meeting.comesFor.set(party, ANY_TURN);
        long before = meeting.turns.get();
        List<Sleeper<Integer>> all = new ArrayList<>();
        for (int i = 0; i < PARTIES; i++) all.add(Sleeper.start(meeting.barrier::await));
        for (Sleeper<Integer> party : all) party.join();
        assertThat(meeting.turns.get()).isEqualTo(before + 1);
    }
}
