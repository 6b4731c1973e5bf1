package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedReadWriteLock;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed before every single step of reading, writing, waiting for either, unlocking, and of sweeping for a dead reader
 * or writer.
 */
@SuppressWarnings({"LockNotBeforeTry", "UnusedVariable"}) // who dies does not unlock
class ReadWriteLockKillPointsIT {
    private static final Launch POLLING = Launch.INTERPRETED.with("-Dinterlock.wait=poll");
    private static final String PRACTISED = "practised";
    private static final Duration PRACTICE = Duration.ofMillis(10);
    private static final long GATE = 128;
    private static final long WRITES = 136;

    /** Who is there when the victim dies. */
    enum Company {
        NOBODY,
        MEMBER
    }

    static final class Verbs {
        private static SharedReadWriteLock lock(Child me) {
            return me.open("r").readWriteLock("l");
        }

        /** Who has waited before has a cell to wait in; making the first takes dozens of steps, which one test goes through. */
        private static boolean isPractised(Child me) {
            return me.args().length > 1 && me.arg(1).equals(PRACTISED);
        }

        private static void refuse(boolean taken) {
            if (taken) throw new AssertionError("it was held");
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void read(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            if (isPractised(me)) refuse(lock.readLock().tryLock(PRACTICE));
            me.say("ready");
            me.armHere();
            lock.readLock().lock();
            end(me);
        }

        static void write(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            if (isPractised(me)) refuse(lock.writeLock().tryLock(PRACTICE));
            me.say("ready");
            me.armHere();
            lock.writeLock().lock();
            end(me);
        }

        static void unlockReading(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            lock.readLock().lock();
            me.say("held");
            me.hear();
            me.armHere();
            lock.readLock().unlock();
            end(me);
        }

        static void unlockWriting(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            lock.writeLock().lock();
            me.say("held");
            me.hear();
            me.armHere();
            lock.writeLock().unlock();
            end(me);
        }

        static void goOnReading(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            lock.writeLock().lock();
            me.say("held");
            me.hear();
            me.armHere();
            lock.readLock().lock();
            lock.writeLock().unlock();
            end(me);
        }

        static void giveUpReading(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            refuse(lock.readLock().tryLock(PRACTICE));
            me.say("ready");
            me.armHere();
            refuse(lock.readLock().tryLock(Duration.ofMillis(100)));
            end(me);
        }

        static void giveUpWriting(Child me) throws Exception {
            SharedReadWriteLock lock = lock(me);
            refuse(lock.writeLock().tryLock(PRACTICE));
            me.say("ready");
            me.armHere();
            refuse(lock.writeLock().tryLock(Duration.ofMillis(100)));
            end(me);
        }

        /** Tries until it is killed, or has tried often. */
        static void tryWriting(Child me) {
            SharedReadWriteLock lock = lock(me);
            me.say("ready");
            me.armHere();
            for (int i = 0; i < 2; i++) {
                if (lock.writeLock().tryLock()) lock.writeLock().unlock();
                if (lock.readLock().tryLock()) lock.readLock().unlock();
            }
            end(me);
        }

        // Those who are not armed

        static void holdReading(Child me) {
            lock(me).readLock().lock();
            me.say("held");
            me.sleepForEver();
        }

        static void holdWriting(Child me) {
            lock(me).writeLock().lock();
            me.say("held");
            me.sleepForEver();
        }

        static void waitAndRead(Child me) {
            SharedReadWriteLock lock = lock(me);
            me.say("waiting");
            lock.readLock().lock();
            boolean abandoned = lock.isAbandoned();
            lock.readLock().unlock();
            me.say("had it, abandoned: " + abandoned);
            me.sleepForEver();
        }

        static void waitAndWrite(Child me) {
            SharedReadWriteLock lock = lock(me);
            me.say("waiting");
            lock.writeLock().lock();
            boolean abandoned = lock.isAbandoned();
            lock.writeLock().unlock();
            me.say("had it, abandoned: " + abandoned);
            me.sleepForEver();
        }

        // Those who sweep

        static void guardianSweeps(Child me) {
            Region region = me.open("r");
            region.readWriteLock("l");
            LockKillPointsIT.Verbs.sweepUntil(me, region, 0);
        }

        static void joinerSweeps(Child me) {
            me.armHere();
            me.open("r").objects(); // who uses objects sweeps first
            end(me);
        }
    }

    /** Makes the region; reads and writes afterwards, and says whether the lock was abandoned. */
    private static class Using implements Scenario {
        final Company company;

        Using(Company company) {
            this.company = company;
        }

        @Override
        public void before(Case scene) throws Exception {
            try (Region region = Region.open("r", scene.options())) {
                region.readWriteLock("l");
            }
            if (company == Company.MEMBER) scene.join("r").readWriteLock("l");
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            victim.expect("ready");
        }

        @Override
        public void after(Case scene) throws Exception {
            long writes = word(scene, WRITES);
            try (Region region = Region.open("r", scene.options())) {
                SharedReadWriteLock lock = region.readWriteLock("l");
                assertThat(lock.readLock().tryLock(Await.WATCHDOG)).as("read").isTrue();
                scene.wasAbandoned = lock.isAbandoned();
                lock.readLock().unlock();
                assertThat(lock.writeLock().tryLock(Await.WATCHDOG)).as("written").isTrue();
                assertThat(lock.isAbandoned()).isEqualTo(scene.wasAbandoned);
                if (company == Company.NOBODY)
                    assertThat(scene.wasAbandoned)
                            .as("abandoned, after " + Long.toHexString(writes))
                            .isEqualTo((writes & 3) != 0);
                lock.markConsistent();
                lock.writeLock().unlock();
                assertThat(lock.isAbandoned()).isFalse();
                assertThat(lock.isWriteLocked()).isFalse();
                assertThat(lock.getReadLockCount()).isZero();
                assertThat(lock.validate(lock.tryOptimisticRead())).isTrue();
            }
            scene.requireSound("r");
        }
    }

    private static long word(Case scene, long offset) {
        try (RawRegion raw = new RawRegion(scene.file("r"))) {
            return raw.get(RawRegion.firstPayload() + offset);
        }
    }

    private static boolean isWaitedFor(Case scene) {
        return RawRegion.hasWaiters(word(scene, 0));
    }

    private static boolean isGateClosed(Case scene) {
        return (word(scene, GATE) & 1) != 0;
    }

    /** The victim holds something, and is told to go on. */
    private static class Unlocking extends Using {
        Unlocking(Company company) {
            super(company);
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            victim.expect("held");
            othersCome(scene);
            victim.say("go");
        }

        void othersCome(Case scene) throws Exception {}
    }

    private static String abandoned(List<Case> cases) {
        var text = new StringBuilder();
        for (Case scene : cases) if (scene.killed) text.append(scene.wasAbandoned ? '1' : '0');
        return text.toString();
    }

    // Alone

    @ParameterizedTest
    @EnumSource
    void killedTakingEitherLock_nothingIsLeft(Company company) throws Exception {
        for (String verb : List.of("read", "write", "tryWriting")) {
            var cases = KillPointRun.everyStep(Verbs.class, verb, new Using(company));
            if (!verb.equals("tryWriting")) assertThat(abandoned(cases)).as(verb).matches("0+");
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedUnlockingReading_nothingIsLeft(Company company) throws Exception {
        var cases = KillPointRun.everyStep(Verbs.class, "unlockReading", new Unlocking(company));
        assertThat(abandoned(cases)).matches("0+");
    }

    @ParameterizedTest
    @EnumSource
    void killedUnlockingWriting_lockIsAbandoned_upToTheEndOfTheWrite(Company company)
            throws Exception {
        var cases = KillPointRun.everyStep(Verbs.class, "unlockWriting", new Unlocking(company));
        assertThat(abandoned(cases)).matches("10+");
        cases = KillPointRun.everyStep(Verbs.class, "goOnReading", new Unlocking(company));
        assertThat(abandoned(cases)).matches("1+0+");
    }

    // Among others

    /** A child of that verb waits for what the victim holds, and must get it. */
    private static Scenario heldUp(Company company, String waiter) {
        return new Unlocking(company) {
            final Map<Case, ChildJvm> waiters = new ConcurrentHashMap<>();

            @Override
            void othersCome(Case scene) throws Exception {
                boolean closed = isGateClosed(scene);
                ChildJvm child = scene.start(Verbs.class, waiter).expect("waiting");
                waiters.put(scene, child);
                if (closed) Await.until("somebody waits", () -> isWaitedFor(scene));
                else Await.until("a writer waits", () -> isGateClosed(scene));
                Await.sleep(20); // between announcing and sleeping
            }

            @Override
            public void after(Case scene) throws Exception {
                ChildJvm child = requireNonNull(waiters.remove(scene));
                assertThat(child.hear()).startsWith("had it");
                super.after(scene);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void killedUnlockingReading_aWriterThatWaitsProceeds(Company company) throws Exception {
        var cases =
                KillPointRun.everyStep(
                        Verbs.class, "unlockReading", heldUp(company, "waitAndWrite"));
        assertThat(abandoned(cases)).matches("0+");
    }

    @Test
    void killedUnlockingWriting_whoWaitsProceeds() throws Exception {
        for (String waiter : List.of("waitAndRead", "waitAndWrite")) {
            var cases =
                    KillPointRun.everyStep(
                            Verbs.class, "unlockWriting", heldUp(Company.MEMBER, waiter));
            assertThat(abandoned(cases)).as(waiter).matches("10+");
        }
    }

    /** The test holds a lock while the victim waits for it: until the victim is at its step, or waited so long. */
    private record Holding(Scenario inner, boolean writing, long millis) implements Scenario {
        @Override
        public void before(Case scene) throws Exception {
            inner.before(scene);
            SharedReadWriteLock lock = scene.join("r").readWriteLock("l");
            if (writing) lock.writeLock().lock();
            else lock.readLock().lock();
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            inner.during(scene, victim);
            Await.until(
                    "it waits, or is at its step, or done",
                    () ->
                            victim.speaksWithin(0)
                                    || (writing ? isWaitedFor(scene) : isGateClosed(scene)));
            victim.speaksWithin(millis);
            try (Region again = Region.open("r", scene.options())) {
                SharedReadWriteLock lock = again.readWriteLock("l");
                if (writing) lock.writeLock().unlock();
                else lock.readLock().unlock();
            }
        }

        @Override
        public void after(Case scene) throws Exception {
            inner.after(scene);
        }
    }

    /** The first wait of a process, with all that it takes to make a cell for it. */
    @Test
    void killedWaitingForTheFirstTime_lockGoesOnToOthers() throws Exception {
        assertThat(abandoned(heldUpByTheTest("write", true, "new"))).matches("0+");
    }

    @Test
    void killedWaiting_lockGoesOnToOthers() throws Exception {
        assertThat(abandoned(heldUpByTheTest("write", true, PRACTISED))).matches("0+");
        assertThat(abandoned(heldUpByTheTest("write", false, PRACTISED))).matches("0+");
        assertThat(abandoned(heldUpByTheTest("read", true, PRACTISED))).matches("0+");
    }

    private static List<Case> heldUpByTheTest(String verb, boolean writing, String practice)
            throws Exception {
        Scenario held = new Holding(new Using(Company.NOBODY), writing, 300);
        return KillPointRun.everyStep(Verbs.class, verb, held, practice);
    }

    @Test
    void killedGivingUp_lockGoesOnToOthers() throws Exception {
        long millis = Await.WATCHDOG.toMillis(); // it is not to get it, however slow it is
        Scenario read = new Holding(new Using(Company.MEMBER), false, millis);
        assertThat(abandoned(KillPointRun.everyStep(Verbs.class, "giveUpWriting", read)))
                .matches("0+");
        Scenario written = new Holding(new Using(Company.MEMBER), true, millis);
        assertThat(abandoned(KillPointRun.everyStep(Verbs.class, "giveUpReading", written)))
                .matches("0+");
    }

    // Sweeping

    @Test
    void joinerIsKilledSweepingAlone_nextOpenerSweepsToTheEnd() throws Exception {
        for (String holder : List.of("holdReading", "holdWriting")) {
            Scenario sweeping =
                    new Using(Company.NOBODY) {
                        @Override
                        public void before(Case scene) throws Exception {
                            super.before(scene);
                            scene.start(Verbs.class, holder).expect("held").kill();
                        }

                        @Override
                        public void during(Case scene, ChildJvm victim) {}
                    };
            var cases = KillPointRun.everyStep(Verbs.class, "joinerSweeps", sweeping);
            assertThat(abandoned(cases)).matches(holder.equals("holdWriting") ? "1+" : "0+");
        }
    }

    @Test
    void guardianIsKilledSweeping_nextOpenerSweepsToTheEnd() throws Exception {
        for (String holder : List.of("holdReading", "holdWriting")) {
            Scenario sweeping =
                    new Using(Company.NOBODY) {
                        @Override
                        public void during(Case scene, ChildJvm victim) throws Exception {
                            ChildJvm child = scene.start(Verbs.class, holder).expect("held");
                            victim.expect("ready");
                            child.kill();
                        }
                    };
            var cases = KillPointRun.everyStep(Verbs.class, "guardianSweeps", sweeping);
            assertThat(abandoned(cases)).matches(holder.equals("holdWriting") ? "1+" : "0+");
        }
    }

    /** It polls, so it looks after the dead itself, and sweeps in the thread that is armed. */
    @Test
    void waiterIsKilledSweepingForWhomItWaits_nextOpenerSweepsToTheEnd() throws Exception {
        for (String holder : List.of("holdReading", "holdWriting")) {
            Scenario sweeping =
                    new Using(Company.NOBODY) {
                        final Map<Case, ChildJvm> holders = new ConcurrentHashMap<>();

                        @Override
                        public void before(Case scene) throws Exception {
                            super.before(scene);
                            holders.put(scene, scene.start(Verbs.class, holder).expect("held"));
                        }

                        @Override
                        public void during(Case scene, ChildJvm victim) throws Exception {
                            super.during(scene, victim);
                            Await.sleep(50);
                            requireNonNull(holders.remove(scene)).kill();
                        }
                    };
            var cases = KillPointRun.everyStep(POLLING, Verbs.class, "write", sweeping, PRACTISED);
            assertThat(abandoned(cases)).matches(holder.equals("holdWriting") ? "1+" : "0+");
        }
    }
}
