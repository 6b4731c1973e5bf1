package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedBarrier;
import dev.interlock.SharedLong;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed before every single step of arriving first and last, of resetting, aborting, running out of time, of leaving the
 * region while it waits, and of sweeping for a party. Those who wait with it are let through, all of them, or told that the barrier
 * broke, and after a reset it works as before.
 */
class BarrierKillPointsIT {
    private static final int BROKEN = -1; // in place of an index

    private static SharedBarrier barrier(Region region, int parties) {
        SharedLong actions = region.longValue("actions", 0);
        return region.barrier("b", parties, actions::incrementAndGet);
    }

    /** The second argument of all is the number of parties. */
    static final class Verbs {
        private static SharedBarrier barrier(Child me) {
            return BarrierKillPointsIT.barrier(me.open("r"), (int) me.number(1));
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void arrive(Child me) throws Exception {
            SharedBarrier barrier = barrier(me);
            me.say("ready");
            me.armHere();
            awaitOrBreak(barrier);
            end(me);
        }

        private static int awaitOrBreak(SharedBarrier barrier) throws InterruptedException {
            try {
                return barrier.await();
            } catch (BrokenBarrierException e) {
                return BROKEN;
            }
        }

        static void runOutOfTime(Child me) throws Exception {
            SharedBarrier barrier = barrier(me);
            me.say("ready");
            me.armHere();
            try {
                barrier.await(Duration.ofMillis(30));
                throw new AssertionError("let through");
            } catch (TimeoutException | BrokenBarrierException e) {
                end(me);
            }
        }

        static void reset(Child me) {
            SharedBarrier barrier = barrier(me);
            me.say("ready");
            me.armHere();
            barrier.reset();
            end(me);
        }

        static void abort(Child me) {
            SharedBarrier barrier = barrier(me);
            me.say("ready");
            me.armHere();
            barrier.abort();
            end(me);
        }

        /** Closes the region while a thread of this process waits. */
        static void leave(Child me) throws Exception {
            Region region = me.open("r");
            SharedBarrier barrier = BarrierKillPointsIT.barrier(region, (int) me.number(1));
            Thread waiter =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                try {
                                    awaitOrBreak(barrier);
                                } catch (InterruptedException | IllegalStateException e) {
                                    // as the region is closed
                                }
                            });
            while (barrier.getNumberWaiting() < 2) LockSupport.parkNanos(1_000_000);
            me.say("ready");
            me.armHere();
            region.close();
            me.completed();
            waiter.join();
            Runtime.getRuntime().halt(0);
        }

        // Those who are not armed

        static void meet(Child me) throws Exception {
            Region region = me.open("r");
            SharedBarrier barrier = BarrierKillPointsIT.barrier(region, (int) me.number(1));
            LockKillPointsIT.Verbs.awaitArmed(region);
            me.say("there");
            me.say(awaitOrBreak(barrier));
            me.sleepForEver();
        }

        /** Has the barrier, and does not come. */
        static void attend(Child me) {
            Region region = me.open("r");
            barrier(me);
            LockKillPointsIT.Verbs.awaitArmed(region);
            me.say("there");
            me.sleepForEver();
        }
    }

    /** A thread of this process that waits at the barrier; what it got is the index, or {@link #BROKEN}. */
    private static FutureTask<Integer> arrive(SharedBarrier barrier) {
        FutureTask<Integer> task = new FutureTask<>(() -> Verbs.awaitOrBreak(barrier));
        Thread.ofPlatform().daemon().name("party").start(task);
        return task;
    }

    private static int resultOf(FutureTask<Integer> party) throws Exception {
        Await.until("the party goes on", party::isDone);
        return party.get();
    }

    /** All but one wait, and are not let through; with the last they are, each with an index of its own. */
    private static void requireUsable(SharedBarrier barrier, SharedLong actions) throws Exception {
        if (barrier.isBroken()) barrier.reset();
        long before = actions.get();
        int parties = barrier.getParties();
        List<FutureTask<Integer>> all = new ArrayList<>();
        for (int i = 1; i < parties; i++) all.add(arrive(barrier));
        Await.until("they wait", () -> barrier.getNumberWaiting() == parties - 1);
        Await.sleep(20);
        assertThat(all).noneMatch(FutureTask::isDone);
        assertThat(actions.get()).as("actions").isEqualTo(before);
        all.add(arrive(barrier));
        List<Integer> indexes = new ArrayList<>();
        for (FutureTask<Integer> party : all) indexes.add(resultOf(party));
        assertThat(indexes)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, parties).boxed().toList());
        assertThat(actions.get()).as("actions").isEqualTo(before + 1);
    }

    private static void end(Case scene, int parties) throws Exception {
        try (Region region = Region.open("r", scene.options())) {
            Await.until("the dead are swept", () -> region.processes().size() == 1);
            requireUsable(barrier(region, parties), region.longValue("actions", 0));
        }
        ConditionKillPointsIT.requireNoLostCells(scene);
        scene.requireSound("r");
    }

    // While others wait

    /** A thread of this process waits, and another party is missing besides the victim, or not. */
    private static class OneWaits implements Scenario {
        final int parties;
        private final Map<Case, FutureTask<Integer>> waiters = new ConcurrentHashMap<>();

        OneWaits(int parties) {
            this.parties = parties;
        }

        @Override
        public void before(Case scene) throws Exception {
            SharedBarrier barrier = barrier(scene.join("r"), parties);
            waiters.put(scene, arrive(barrier));
            Await.until("one waits", () -> barrier.getNumberWaiting() == 1);
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            victim.expect("ready");
        }

        @Override
        public void after(Case scene) throws Exception {
            int index = resultOf(requireNonNull(waiters.remove(scene)));
            check(scene, index);
            end(scene, parties);
        }

        void check(Case scene, int index) throws Exception {
            assertThat(index).as("told at step " + scene.step).isEqualTo(BROKEN);
        }
    }

    @Test
    void lastToArriveIsKilled_theOtherIsLetThroughOrTold() throws Exception {
        Scenario last =
                new OneWaits(2) {
                    @Override
                    void check(Case scene, int index) {
                        assertThat(index).isIn(BROKEN, 1);
                        scene.found = index == BROKEN ? 0 : 1;
                        long actions;
                        try (Region region = Region.open("r", scene.options())) {
                            actions = region.longValue("actions", 0).get();
                        }
                        if (index == BROKEN) assertThat(actions).isBetween(0L, 1L);
                        else assertThat(actions).isEqualTo(1);
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "arrive", last, 2);
        assertThat(KillPointRun.found(cases)).matches("0+1+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrive", "runOutOfTime", "reset", "abort"})
    void killedWhileAnotherWaits_thatOneIsTold(String verb) throws Exception {
        Scenario oneWaits =
                new OneWaits(3) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        super.during(scene, victim);
                        if (verb.equals("arrive")) endItsWait(victim, barrier(scene.join("r"), 3));
                    }

                    /* Undisturbed nothing else would end the wait of who only arrives. */
                    private void endItsWait(ChildJvm victim, SharedBarrier barrier)
                            throws Exception {
                        Await.until(
                                "it waits or is at its step",
                                () -> victim.speaksWithin(0) || barrier.getNumberWaiting() == 2);
                        if (!victim.speaksWithin(30)) barrier.reset();
                    }
                };
        KillPointRun.everyStep(Verbs.class, verb, oneWaits, 3);
    }

    @Test
    void killedLeavingWhileAThreadOfItWaits_theOtherIsTold() throws Exception {
        KillPointRun.everyStep(Verbs.class, "leave", new OneWaits(3), 3);
    }

    // While nobody else waits

    /** Others come when the victim waits, or is dead: then one is missing, who comes at last. */
    @Test
    void firstToArriveIsKilled_othersAreLetThroughOrTold_allOfThem() throws Exception {
        Scenario first =
                new Beside() {
                    private final Map<Case, Region> regions = new ConcurrentHashMap<>();

                    @Override
                    public void before(Case scene) {
                        Region region = scene.join("r");
                        regions.put(scene, region);
                        barrier(region, 3);
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) throws Exception {
                        Region region = requireNonNull(regions.get(scene));
                        SharedBarrier barrier = barrier(region, 3);
                        Await.until(
                                "the victim waits or is dead",
                                () -> !victim.isAlive() || barrier.getNumberWaiting() == 1);
                        List<FutureTask<Integer>> all = new ArrayList<>();
                        all.add(arrive(barrier));
                        all.add(arrive(barrier));
                        Await.until(
                                "they went on, or one is missing",
                                () ->
                                        all.stream().allMatch(FutureTask::isDone)
                                                || (region.processes().size() == 1
                                                        && waitingHere(region) == 2));
                        if (!all.stream().allMatch(FutureTask::isDone)) all.add(arrive(barrier));
                        List<Integer> indexes = new ArrayList<>();
                        for (FutureTask<Integer> party : all) indexes.add(resultOf(party));
                        requireAllOrNone(indexes);
                    }

                    /* The barrier itself counts the dead until it is swept. */
                    private long waitingHere(Region region) {
                        long own = ProcessHandle.current().pid();
                        return region.objects().stream()
                                .flatMap(object -> object.waiters().stream())
                                .filter(waiter -> waiter.pid() == own)
                                .count();
                    }

                    private void requireAllOrNone(List<Integer> indexes) {
                        if (indexes.contains(BROKEN)) assertThat(indexes).containsOnly(BROKEN);
                        else assertThat(indexes).doesNotHaveDuplicates();
                    }

                    @Override
                    void look(Case scene) throws Exception {
                        regions.remove(scene);
                        end(scene, 3);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "arrive", first, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "abort"})
    void killedWhileNobodyWaits_barrierIsAsBeforeOrAfter(String verb) throws Exception {
        Scenario alone =
                new Scenario() {
                    @Override
                    public void before(Case scene) {
                        SharedBarrier barrier = barrier(scene.join("r"), 2);
                        if (verb.equals("reset")) barrier.abort();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            scene.found = barrier(region, 2).isBroken() ? 1 : 0;
                        }
                        end(scene, 2);
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, verb, alone, 2);
        assertThat(KillPointRun.found(cases)).matches(verb.equals("abort") ? "0+1+" : "1+0*");
    }

    // Sweeping

    /** Who waits is stopped meanwhile. */
    @Test
    void guardianIsKilledSweeping_whoWaitsIsTold() throws Exception {
        Map<Case, ChildJvm[]> others = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm absent = scene.start(Verbs.class, "attend", 0, 2).expect("there");
                        ChildJvm waiter = scene.start(Verbs.class, "meet", 0, 2).expect("there");
                        try (Region region = Region.open("r", scene.options())) {
                            SharedBarrier barrier = barrier(region, 2);
                            Await.until("it waits", () -> barrier.getNumberWaiting() == 1);
                        }
                        waiter.stop();
                        others.put(scene, new ChildJvm[] {absent, waiter});
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        requireNonNull(others.get(scene))[0].kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        ChildJvm waiter = requireNonNull(others.remove(scene))[1];
                        waiter.resume();
                        waiter.expect(Integer.toString(BROKEN));
                        waiter.kill();
                        end(scene, 2);
                    }
                };
        KillPointRun.everyStep(ConditionKillPointsIT.SweepVerbs.class, "guardianSweeps", sweeping);
    }

    @Test
    void joinerIsKilledSweepingForOneThatWaited_itsArrivalDoesNotCount() throws Exception {
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm waiter = scene.start(Verbs.class, "meet", 0, 2).expect("there");
                        try (Region region = Region.open("r", scene.options())) {
                            SharedBarrier barrier = barrier(region, 2);
                            Await.until("it waits", () -> barrier.getNumberWaiting() == 1);
                        }
                        waiter.kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        end(scene, 2);
                    }
                };
        KillPointRun.everyStep(LockKillPointsIT.Verbs.class, "joinerSweeps", sweeping);
    }
}
