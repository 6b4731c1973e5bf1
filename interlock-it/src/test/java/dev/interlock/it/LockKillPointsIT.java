package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process is killed before every single step of locking, waiting, unlocking, and of sweeping for another dead one. */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class LockKillPointsIT {
    private static final Launch POLLING = Launch.INTERPRETED.with("-Dinterlock.wait=poll");

    @RegisterExtension final Stage stage = new Stage();

    /** Who is there when the victim dies. */
    enum Company {
        NOBODY,
        MEMBER
    }

    static final class Verbs {
        static void lock(Child me) {
            SharedLock lock = me.open("r").lock("l");
            me.armHere();
            lock.lock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void unlock(Child me) throws Exception {
            SharedLock lock = me.open("r").lock("l");
            lock.lock();
            me.say("held");
            me.hear();
            me.armHere();
            lock.unlock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void lockContended(Child me) {
            SharedLock lock = me.open("r").lock("l");
            me.say("ready");
            me.armHere();
            lock.lock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void giveUp(Child me) throws Exception {
            SharedLock lock = me.open("r").lock("l");
            me.armHere();
            if (lock.tryLock(Duration.ofMillis(100))) throw new AssertionError("it was held");
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        /** Holds the lock until it is killed. */
        static void hold(Child me) {
            me.open("r").lock("l").lock();
            me.say("held");
            me.sleepForEver();
        }

        static void waitForLock(Child me) {
            SharedLock lock = me.open("r").lock("l");
            me.say("waiting");
            lock.lock();
            me.say("got it, abandoned: " + lock.isAbandoned());
            lock.markConsistent();
            lock.unlock();
            me.say("gave it back");
            me.sleepForEver();
        }

        /** A member that does nothing. */
        static void attend(Child me) {
            Region region = me.open("r");
            region.lock("l").isLocked();
            awaitArmed(region);
            me.say("there");
            me.sleepForEver();
        }

        static void guardianSweeps(Child me) {
            Region region = me.open("r");
            region.lock("l");
            sweepUntil(me, region, 0);
        }

        static void joinerSweeps(Child me) {
            me.armHere();
            me.open("r").objects(); // who uses objects sweeps first
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void waiterSweeps(Child me) {
            SharedLock lock = me.open("r").lock("l");
            me.say("ready");
            me.armHere();
            lock.lock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void leaveSlowly(Child me) {
            Region region = me.open("r");
            me.pauseHere();
            region.close();
            me.say("left");
        }

        static void awaitArmed(Region region) {
            try (RawRegion raw = new RawRegion(region.path())) {
                raw.awaitOwnGuardian();
            }
        }

        /** Dies at a step of its guardian, which sweeps when somebody dies. */
        static void sweepUntil(Child me, Region region, int others) {
            awaitArmed(region);
            LockSupport.parkNanos(50_000_000); // the guardian falls asleep
            me.armGuardian();
            me.say("ready");
            try (RawRegion raw = new RawRegion(region.path())) {
                raw.awaitOthers(others); // who asked the lock would look after its owner itself
            }
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    /** Makes the region; takes the lock afterwards and says whether it was abandoned. */
    private static class Taking implements Scenario {
        final Company company;

        Taking(Company company) {
            this.company = company;
        }

        @Override
        public void before(Case scene) throws Exception {
            try (Region region = Region.open("r", scene.options())) {
                region.lock("l");
            }
            if (company == Company.MEMBER) scene.join("r").lock("l");
        }

        @Override
        public void after(Case scene) throws Exception {
            long left = word(scene);
            try (Region region = Region.open("r", scene.options())) {
                SharedLock lock = region.lock("l");
                assertThat(lock.tryLock(Await.WATCHDOG)).as("taken by a survivor").isTrue();
                scene.wasAbandoned = lock.isAbandoned();
                if (company == Company.NOBODY)
                    assertThat(scene.wasAbandoned)
                            .as("abandoned, after " + Long.toHexString(left))
                            .isEqualTo(RawRegion.isOwned(left) || RawRegion.isAbandoned(left));
                lock.markConsistent();
                lock.unlock();
                lock.lock();
                assertThat(lock.isAbandoned()).isFalse();
                lock.unlock();
            }
            scene.requireSound("r");
        }

        static long word(Case scene) {
            try (RawRegion raw = new RawRegion(scene.file("r"))) {
                return raw.firstLock();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedLocking_lockIsFree_andAbandonedFromTheCommitOn(Company company) throws Exception {
        var cases = KillPointRun.everyStep(Verbs.class, "lock", new Taking(company));
        assertThat(abandoned(cases)).matches("0+1+");
    }

    @ParameterizedTest
    @EnumSource
    void killedUnlocking_lockIsFree_andAbandonedUpToTheCommit(Company company) throws Exception {
        Scenario unlocking =
                new Taking(company) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("held").say("go");
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "unlock", unlocking);
        // Only the release is a step of an uncontended unlock, so who dies before it dies owning.
        assertThat(abandoned(cases)).matches("1+");
    }

    @ParameterizedTest
    @EnumSource
    void killedUnlocking_sleepingWaiterOfAnotherProcessProceeds(Company company) throws Exception {
        Scenario unlocking =
                new Taking(company) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("held");
                        scene.start(Verbs.class, "waitForLock").expect("waiting");
                        Await.until("somebody waits", () -> RawRegion.hasWaiters(word(scene)));
                        Await.sleep(20); // between announcing and sleeping
                        victim.say("go");
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedLock lock = region.lock("l");
                            // The waiter's turn counts as one acquisition; it leaves the lock
                            // consistent.
                            Await.until(
                                    "the waiter had it",
                                    () ->
                                            lock.token() >= 2
                                                    && !lock.isLocked()
                                                    && !lock.isAbandoned());
                            Await.until("the dead is gone", () -> region.processes().size() == 2);
                        }
                        super.after(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "unlock", unlocking);
    }

    @ParameterizedTest
    @EnumSource
    void killedWaiting_lockGoesOnToOthers(Company company) throws Exception {
        Scenario waiting =
                new Taking(company) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                    }
                };
        Scenario held = new Holding(waiting, 300);
        var cases = KillPointRun.everyStep(Verbs.class, "lockContended", held);
        assertThat(abandoned(cases)).matches("0+1+");
    }

    @Test
    void killedGivingUp_lockGoesOnToOthers() throws Exception {
        Scenario held = new Holding(new Taking(Company.MEMBER), Await.WATCHDOG.toMillis());
        var cases = KillPointRun.everyStep(Verbs.class, "giveUp", held);
        assertThat(abandoned(cases)).matches("0+");
    }

    /** The test holds the lock until the victim has ended, or so long. */
    private record Holding(Scenario inner, long millis) implements Scenario {
        @Override
        public void before(Case scene) throws Exception {
            inner.before(scene);
            scene.join("r").lock("l").lock();
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            inner.during(scene, victim);
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end && victim.isAlive() && !victim.speaksWithin(5))
                ;
            try (Region again = Region.open("r", scene.options())) {
                again.lock("l").unlock();
            }
        }

        @Override
        public void after(Case scene) throws Exception {
            inner.after(scene);
        }
    }

    @Test
    void guardianIsKilledSweeping_nextOpenerSweepsToTheEnd() throws Exception {
        Scenario sweeping =
                new Taking(Company.NOBODY) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        ChildJvm holder = scene.start(Verbs.class, "hold").expect("held");
                        victim.expect("ready");
                        holder.kill();
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "guardianSweeps", sweeping);
        assertThat(abandoned(cases)).matches("1+");
    }

    @Test
    void joinerIsKilledSweepingAlone_nextOpenerSweepsToTheEnd() throws Exception {
        Scenario sweeping =
                new Taking(Company.NOBODY) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        scene.start(Verbs.class, "hold").expect("held").kill();
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "joinerSweeps", sweeping);
        assertThat(abandoned(cases)).matches("1+");
    }

    /** A stopped process is alive, and does not sweep itself. */
    @Test
    void joinerIsKilledSweepingAmongOthers_theySweepToTheEnd() throws Exception {
        Scenario sweeping =
                new Taking(Company.NOBODY) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        ChildJvm holder = scene.start(Verbs.class, "hold").expect("held");
                        ChildJvm member = scene.start(Verbs.class, "attend").expect("there");
                        member.stop();
                        holder.kill();
                        sleepers.put(scene, member);
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) {
                        joiners.put(scene, victim.pid());
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        requireMember(scene, requireNonNull(joiners.remove(scene)));
                        requireNonNull(sleepers.remove(scene)).resume();
                        // Nobody opens the region: the member alone must notice and sweep.
                        Await.until("swept", () -> RawRegion.isAbandoned(word(scene)));
                        try (RawRegion raw = new RawRegion(scene.file("r"))) {
                            // Who died joining owned nothing, and its slot waits for the next to
                            // join.
                            Await.until(
                                    "only the member is left",
                                    () ->
                                            raw.slots().stream()
                                                            .filter(slot -> !slot.isJoining())
                                                            .count()
                                                    == 1);
                        }
                        super.after(scene);
                    }

                    /* Or nobody would notice that it died between choosing who is to look again and waking it. */
                    private void requireMember(Case scene, long joiner) {
                        try (RawRegion raw = new RawRegion(scene.file("r"))) {
                            List<RawRegion.Slot> slots = raw.slots();
                            if (slots.stream().noneMatch(RawRegion.Slot::isDying)) return;
                            assertThat(slots)
                                    .anyMatch(slot -> slot.isAlive() && slot.pid() == joiner);
                            scene.found++;
                        }
                    }

                    final java.util.Map<Case, ChildJvm> sleepers =
                            new java.util.concurrent.ConcurrentHashMap<>();
                    final java.util.Map<Case, Long> joiners =
                            new java.util.concurrent.ConcurrentHashMap<>();
                };
        var cases = KillPointRun.everyStep(Verbs.class, "joinerSweeps", sweeping);
        assertThat(abandoned(cases)).matches("1+");
        assertThat(KillPointRun.found(cases)).as("deaths in the sweep").contains("1");
    }

    @Test
    void waiterIsKilledSweepingForTheOwner_nextOpenerSweepsToTheEnd() throws Exception {
        Scenario sweeping =
                new Taking(Company.NOBODY) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        holders.put(scene, scene.start(Verbs.class, "hold").expect("held"));
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        Await.sleep(50);
                        requireNonNull(holders.remove(scene)).kill();
                    }

                    final java.util.Map<Case, ChildJvm> holders =
                            new java.util.concurrent.ConcurrentHashMap<>();
                };
        var cases = KillPointRun.everyStep(POLLING, Verbs.class, "waiterSweeps", sweeping);
        assertThat(abandoned(cases)).matches("1+");
    }

    /** Between two steps of leaving, others may sweep for the leaver and give its slot to the next. It must not take it back. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(ints = {1, 2, 3, 4})
    void leaverPausesAtAStep_itsSuccessorKeepsTheSlot(int step) throws Exception {
        ChildJvm leaver =
                stage.start(
                        Launch.INTERPRETED.with("-Dinterlock.killpoints=true"),
                        Verbs.class,
                        "leaveSlowly",
                        step);
        assertThat(leaver.hear()).isEqualTo(Child.AT_STEP);
        ChildJvm successor = stage.start(Verbs.class, "attend");
        long end = System.nanoTime() + 1_000_000_000;
        String joined = null;
        while (joined == null && System.nanoTime() < end) {
            joined = successor.heard();
            Await.sleep(5);
        }
        leaver.say("go on");
        leaver.expect("left").joinWell();
        if (joined == null) successor.expect("there");
        try (RawRegion raw = new RawRegion(stage.directory().resolve("r"))) {
            assertThat(raw.slots())
                    .singleElement()
                    .matches(RawRegion.Slot::isAlive)
                    .matches(slot -> slot.pid() == successor.pid());
        }
        Region.unlink("r", stage.options());
    }

    private static String abandoned(List<Case> cases) {
        var text = new StringBuilder();
        for (Case scene : cases) if (scene.killed) text.append(scene.wasAbandoned ? '1' : '0');
        return text.toString();
    }
}
