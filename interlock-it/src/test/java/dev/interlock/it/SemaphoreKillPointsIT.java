package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SemaphoreOptions;
import dev.interlock.SharedSemaphore;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed before every single step of acquiring permits, of waiting for them, of giving up, of releasing and draining, of
 * leaving the region while it waits, and of sweeping for one that held some. Permits that are owned are all there afterwards; of
 * those that are not, the dead have taken all that they asked for, or none. In either case the others get theirs.
 */
class SemaphoreKillPointsIT {
    private static final Launch POLLING = Launch.INTERPRETED.with("-Dinterlock.wait=poll");
    private static final int PERMITS = 3;
    private static final int WANT = 2; // so that one at a time can have them

    enum Manner {
        OWNED,
        FAIR,
        UNOWNED;

        SharedSemaphore in(Region region) {
            SemaphoreOptions options =
                    switch (this) {
                        case OWNED -> SemaphoreOptions.defaults();
                        case FAIR -> SemaphoreOptions.defaults().fair();
                        case UNOWNED -> SemaphoreOptions.unowned();
                    };
            return region.semaphore("s", PERMITS, options);
        }
    }

    static final class Verbs {
        private static SharedSemaphore semaphore(Child me) {
            return Manner.valueOf(me.arg(1)).in(me.open("r"));
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void acquire(Child me) throws Exception {
            SharedSemaphore semaphore = semaphore(me);
            me.say("there");
            me.hear();
            me.armHere();
            semaphore.acquire(WANT);
            end(me);
        }

        static void drain(Child me) throws Exception {
            SharedSemaphore semaphore = semaphore(me);
            me.say("there");
            me.hear();
            me.armHere();
            semaphore.drainPermits();
            end(me);
        }

        static void release(Child me) throws Exception {
            SharedSemaphore semaphore = semaphore(me);
            semaphore.acquire(WANT);
            me.say("there");
            me.hear();
            me.armHere();
            semaphore.release(WANT);
            end(me);
        }

        /** Has waited before, so that it has a cell. */
        static void await(Child me) throws Exception {
            SharedSemaphore semaphore = semaphore(me);
            refuse(semaphore.tryAcquire(WANT, Duration.ofMillis(5)));
            me.say("ready");
            me.armHere();
            semaphore.acquire(WANT);
            end(me);
        }

        static void giveUp(Child me) throws Exception {
            SharedSemaphore semaphore = semaphore(me);
            refuse(semaphore.tryAcquire(WANT, Duration.ofMillis(5)));
            me.say("ready");
            me.armHere();
            semaphore.tryAcquire(WANT, Duration.ofMillis(100));
            end(me);
        }

        private static void refuse(boolean acquired) {
            if (acquired) throw new AssertionError("there were no permits");
        }

        /** Closes the region while a thread of this process waits. */
        static void leave(Child me) throws Exception {
            Region region = me.open("r");
            SharedSemaphore semaphore = Manner.valueOf(me.arg(1)).in(region);
            Thread waiter =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                try {
                                    semaphore.acquire(WANT);
                                } catch (InterruptedException | IllegalStateException e) {
                                    // as the region is closed
                                }
                            });
            me.say("waits");
            me.hear();
            me.armHere();
            region.close();
            me.completed();
            waiter.join();
            Runtime.getRuntime().halt(0);
        }

        // Those who are not armed

        static void hold(Child me) throws Exception {
            semaphore(me).acquire(WANT);
            me.say("there");
            me.sleepForEver();
        }

        static void waitForIt(Child me) throws Exception {
            Region region = me.open("r");
            SharedSemaphore semaphore = Manner.valueOf(me.arg(1)).in(region);
            LockKillPointsIT.Verbs.awaitArmed(region);
            me.say("ready");
            semaphore.acquire(WANT);
            me.say("got it");
            semaphore.release(WANT);
            me.sleepForEver();
        }
    }

    /** Threads of this process that want permits, get them one after the other, and give them back. */
    private static final class Line {
        final SharedSemaphore semaphore;
        private final List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = new ArrayList<>();

        Line(SharedSemaphore semaphore) {
            this.semaphore = semaphore;
        }

        /** Returns when it waits, or has had its turn. */
        void add(int who) throws Exception {
            Thread thread =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                semaphore.acquireUninterruptibly(WANT);
                                order.add(who);
                                semaphore.release(WANT);
                            });
            threads.add(thread);
            Await.until("it waits", () -> waits(thread) || !thread.isAlive());
        }

        private static boolean waits(Thread thread) {
            for (StackTraceElement frame : thread.getStackTrace())
                if (frame.getClassName().endsWith(".Waits")) return true;
            return false;
        }

        private boolean isOver() {
            return threads.stream().noneMatch(Thread::isAlive);
        }

        /** All get theirs. If permits are lost with the dead, others are added, once; answers how many. */
        int end(Manner manner) throws Exception {
            int added = 0;
            if (manner == Manner.UNOWNED) {
                Await.until(
                        "all had theirs, or permits are lost",
                        () -> isOver() || semaphore.availablePermits() < WANT);
                if (!isOver()) added = WANT;
                semaphore.release(added);
            }
            Await.until("all had theirs", this::isOver);
            if (manner == Manner.FAIR) assertThat(order).as("order").isSorted();
            return added;
        }
    }

    /* All that there are. Those of the dead may be about to come. */
    private static int permitsOf(Manner manner, Region region) throws Exception {
        SharedSemaphore semaphore = manner.in(region);
        int least = manner == Manner.UNOWNED ? 0 : PERMITS;
        assertThat(semaphore.tryAcquire(least, Await.WATCHDOG)).as("permits are back").isTrue();
        int all = least + semaphore.drainPermits();
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release(all);
        assertThat(semaphore.availablePermits()).isEqualTo(all);
        Await.until("the dead wait no more", () -> !semaphore.hasQueuedThreads());
        return all;
    }

    private static void end(Case scene, Manner manner, int added) throws Exception {
        try (Region region = Region.open("r", scene.options())) {
            scene.found = (long) permitsOf(manner, region) - added;
        }
        ConditionKillPointsIT.requireNoLostCells(scene);
        scene.requireSound("r");
    }

    // Alone

    /** Nobody waits; the test is a member or not. */
    private record Alone(Manner manner, boolean isMember) implements Scenario {
        @Override
        public void before(Case scene) {
            try (Region region = Region.open("r", scene.options())) {
                manner.in(region);
            }
            if (isMember) manner.in(scene.join("r"));
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            victim.expect("there").say("go");
        }

        @Override
        public void after(Case scene) throws Exception {
            end(scene, manner, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedAlone_permitsSumUp(Manner manner) throws Exception {
        boolean owned = manner != Manner.UNOWNED;
        for (boolean isMember : new boolean[] {false, true}) {
            Scenario alone = new Alone(manner, isMember);
            assertThat(killed("acquire", alone, manner)).matches("3+");
            assertThat(killed("drain", alone, manner)).matches("3+");
            assertThat(killed("release", alone, manner)).matches(owned ? "3+" : "1+");
        }
    }

    private static String killed(String verb, Scenario scenario, Manner manner) throws Exception {
        return KillPointRun.found(
                KillPointRun.everyStep(Verbs.class, verb, scenario, manner.name()));
    }

    // Among others

    /** The test holds all permits until others stand behind the victim, and so much longer. */
    private static final class HeldWhileItWaits extends Beside {
        private final Manner manner;
        private final long millis;
        private final Map<Case, Line> lines = new ConcurrentHashMap<>();

        HeldWhileItWaits(Manner manner, long millis) {
            this.manner = manner;
            this.millis = millis;
        }

        @Override
        public void before(Case scene) {
            SharedSemaphore semaphore = manner.in(scene.join("r"));
            assertThat(semaphore.tryAcquire(PERMITS)).isTrue();
            lines.put(scene, new Line(semaphore));
        }

        @Override
        void play(Case scene, ChildJvm victim) throws Exception {
            Line line = requireNonNull(lines.get(scene));
            Await.until(
                    "the victim waits, or is dead or done",
                    () -> !victim.isAlive() || line.semaphore.hasQueuedThreads());
            line.add(1);
            line.add(2);
            Await.sleep(millis);
            line.semaphore.release(PERMITS);
        }

        @Override
        void look(Case scene) throws Exception {
            int added = requireNonNull(lines.remove(scene)).end(manner);
            end(scene, manner, added);
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedWaiting_theOthersGetTheirs(Manner manner) throws Exception {
        String found = killed("await", new HeldWhileItWaits(manner, 0), manner);
        assertThat(found).matches(manner == Manner.UNOWNED ? "3[13]+" : "3+");
    }

    @ParameterizedTest
    @EnumSource
    void killedGivingUp_theOthersGetTheirs(Manner manner) throws Exception {
        String found = killed("giveUp", new HeldWhileItWaits(manner, 95), manner);
        assertThat(found).matches(manner == Manner.UNOWNED ? "[13]+" : "3+");
    }

    @ParameterizedTest
    @EnumSource
    void killedReleasing_thoseWhoWaitGetTheirs(Manner manner) throws Exception {
        Map<Case, Line> lines = new ConcurrentHashMap<>();
        Scenario releasing =
                new Scenario() {
                    @Override
                    public void before(Case scene) {
                        lines.put(scene, new Line(manner.in(scene.join("r"))));
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("there");
                        requireNonNull(lines.get(scene)).add(1);
                        requireNonNull(lines.get(scene)).add(2);
                        victim.say("go");
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        int added = requireNonNull(lines.remove(scene)).end(manner);
                        end(scene, manner, added);
                    }
                };
        String found = killed("release", releasing, manner);
        assertThat(found).matches(manner == Manner.UNOWNED ? "1+3+" : "3+");
    }

    /* If others freed its slot while it lives, nobody would notice if it died between choosing who is to look again and waking it. */
    private static void requireLeftAlone(Case scene, ChildJvm victim) throws Exception {
        List<RawRegion.Slot> leaving = leaving(scene, victim);
        Await.sleep(50); // in which a guardian that was woken looks
        assertThat(leaving(scene, victim)).isEqualTo(leaving);
    }

    private static List<RawRegion.Slot> leaving(Case scene, ChildJvm victim) throws Exception {
        try (RawRegion raw = new RawRegion(scene.file("r"));
                Stream<Path> files = Files.list(scene.path())) {
            String alive = "-" + victim.pid() + "-";
            boolean isInTheMiddle = files.anyMatch(file -> file.toString().contains(alive));
            return raw.slots().stream()
                    .filter(slot -> isInTheMiddle && slot.pid() == victim.pid())
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedLeavingWhileAThreadOfItWaits_theOthersGetTheirs(Manner manner) throws Exception {
        Map<Case, Line> lines = new ConcurrentHashMap<>();
        Scenario leaving =
                new Scenario() {
                    @Override
                    public void before(Case scene) {
                        SharedSemaphore semaphore = manner.in(scene.join("r"));
                        assertThat(semaphore.tryAcquire(PERMITS)).isTrue();
                        lines.put(scene, new Line(semaphore));
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        Line line = requireNonNull(lines.get(scene));
                        victim.expect("waits");
                        Await.until("it does", line.semaphore::hasQueuedThreads);
                        line.add(1);
                        victim.say("go");
                        // it stands at its step, or has left
                        if (victim.speaksWithin(300)) requireLeftAlone(scene, victim);
                        line.semaphore.release(PERMITS);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        int added = requireNonNull(lines.remove(scene)).end(manner);
                        end(scene, manner, added);
                    }
                };
        String found = killed("leave", leaving, manner);
        assertThat(found).matches(manner == Manner.UNOWNED ? "[13]+" : "3+");
    }

    // Sweeping

    /** The next to get permits is stopped meanwhile. */
    @Test
    void guardianIsKilledSweeping_theNextGetsThePermits() throws Exception {
        Map<Case, ChildJvm[]> others = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        String manner = Manner.OWNED.name();
                        ChildJvm holder =
                                scene.start(Verbs.class, "hold", 0, manner).expect("there");
                        ChildJvm next =
                                scene.start(Verbs.class, "waitForIt", 0, manner).expect("ready");
                        try (Region region = Region.open("r", scene.options())) {
                            SharedSemaphore semaphore = Manner.OWNED.in(region);
                            Await.until("it waits", semaphore::hasQueuedThreads);
                        }
                        next.stop();
                        others.put(scene, new ChildJvm[] {holder, next});
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        requireNonNull(others.get(scene))[0].kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        ChildJvm next = requireNonNull(others.remove(scene))[1];
                        next.resume();
                        next.expect("got it");
                        end(scene, Manner.OWNED, 0);
                    }
                };
        var cases =
                KillPointRun.everyStep(
                        ConditionKillPointsIT.SweepVerbs.class, "guardianSweeps", sweeping);
        assertThat(KillPointRun.found(cases)).matches("3+");
    }

    @Test
    void joinerIsKilledSweepingAlone_nextOpenerSweepsToTheEnd() throws Exception {
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        scene.start(Verbs.class, "hold", 0, Manner.OWNED.name())
                                .expect("there")
                                .kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        end(scene, Manner.OWNED, 0);
                    }
                };
        var cases = KillPointRun.everyStep(LockKillPointsIT.Verbs.class, "joinerSweeps", sweeping);
        assertThat(KillPointRun.found(cases)).matches("3+");
    }

    /** It polls, so it looks after the holder itself, and sweeps in the thread that is armed. */
    @Test
    void waiterIsKilledSweepingForTheHolder_nextOpenerSweepsToTheEnd() throws Exception {
        Map<Case, ChildJvm> holders = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        holders.put(
                                scene,
                                scene.start(Verbs.class, "hold", 0, Manner.OWNED.name())
                                        .expect("there"));
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        victim.speaksWithin(20);
                        requireNonNull(holders.remove(scene)).kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        end(scene, Manner.OWNED, 0);
                    }
                };
        var cases =
                KillPointRun.everyStep(
                        POLLING, Verbs.class, "await", sweeping, Manner.OWNED.name());
        assertThat(KillPointRun.found(cases)).matches("3+");
    }
}
