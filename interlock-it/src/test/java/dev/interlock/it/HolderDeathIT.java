package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Owners, waiters and everybody are killed or stopped; whoever is left goes on. */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class HolderDeathIT {
    private static final Launch POLLING = Launch.INTERPRETED.with("-Dinterlock.wait=poll");

    @RegisterExtension final Stage stage = new Stage();

    static final class Verbs {
        static void hold(Child me) {
            me.open("r").lock("l").lock();
            me.say("held");
            me.sleepForEver();
        }

        static void holdArmed(Child me) throws Exception {
            LockKillPointsIT.Verbs.awaitArmed(me.open("r"));
            hold(me);
        }

        /** Locks and unlocks whenever it is told to. */
        static void obey(Child me) throws Exception {
            SharedLock lock = me.open("r").lock("l");
            lock.isLocked();
            me.say("ready");
            while (true) {
                switch (me.hear()) {
                    case "lock" -> {
                        lock.lock();
                        me.say("locked, abandoned: " + lock.isAbandoned());
                    }
                    case "unlock" -> {
                        lock.markConsistent();
                        lock.unlock();
                        me.say("unlocked");
                    }
                    case "try" ->
                            me.say(
                                    lock.tryLock(Duration.ofMillis(me.number(0)))
                                            ? "got"
                                            : "gave up");
                    case String other -> throw new IllegalArgumentException(other);
                }
            }
        }

        static void obeyArmed(Child me) throws Exception {
            LockKillPointsIT.Verbs.awaitArmed(me.open("r"));
            obey(me);
        }

        /** Many virtual threads wait at once; each counts. */
        static void virtualWaiters(Child me) throws Exception {
            Region region = me.open("r");
            SharedLock lock = region.lock("l");
            SharedLong count = region.longValue("count", 0);
            int threads = (int) me.number(0);
            var done = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                Thread.ofVirtual()
                        .start(() -> {
                            lock.lock();
                            count.setPlain(count.getPlain() + 1);
                            lock.markConsistent();
                            lock.unlock();
                            done.countDown();
                        });
            }
            me.say("waiting");
            done.await();
            me.say("done");
        }

        static void useTemporary(Child me) throws Exception {
            var bytes = HexFormat.of().parseHex(me.arg(0));
            try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                SharedLong value = (SharedLong) in.readObject();
                value.incrementAndGet();
                me.say("there");
                me.hear();
            }
        }

        static void makeTemporary(Child me) {
            Region region = Region.temporary(me.options());
            region.block(1000);
            me.say("there");
            me.sleepForEver();
        }
    }

    @Test
    void stoppedHolder_isNotDead() throws Exception {
        ChildJvm holder = stage.start(Verbs.class, "obey").expect("ready");
        holder.say("lock");
        holder.expect("locked, abandoned: false");
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            holder.stop();
            assertThat(lock.tryLock(Duration.ofMillis(1500))).isFalse();
            assertThat(region.processes()).hasSize(2);
            holder.resume();
            holder.say("unlock");
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            assertThat(lock.isAbandoned()).isFalse();
            lock.unlock();
            region.unlink();
        }
    }

    /** By those who only ask: nobody waits, so nobody is woken, and the kernel may not have been told to announce the death. */
    enum Question {
        TRY_LOCK {
            @Override
            void ask(SharedLock lock) {
                assertThat(lock.tryLock()).isTrue();
                lock.unlock();
            }
        },
        TRY_LOCK_ZERO {
            @Override
            void ask(SharedLock lock) throws InterruptedException {
                assertThat(lock.tryLock(Duration.ZERO)).isTrue();
                lock.unlock();
            }
        },
        IS_LOCKED {
            @Override
            void ask(SharedLock lock) {
                assertThat(lock.isLocked()).isFalse();
            }
        },
        OWNER {
            @Override
            void ask(SharedLock lock) {
                assertThat(lock.owner()).isEmpty();
            }
        },
        IS_ABANDONED {
            @Override
            void ask(SharedLock lock) {
                assertThat(lock.isAbandoned()).isTrue();
            }
        },
        MARK_CONSISTENT {
            @Override
            void ask(SharedLock lock) {
                lock.markConsistent();
                assertThat(lock.tryLock()).isTrue();
                assertThat(lock.isAbandoned()).isFalse();
                lock.unlock();
            }
        };

        abstract void ask(SharedLock lock) throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    void holderKilled_whoAsksOnceIsTold(Question question) throws Exception {
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            for (String verb : List.of("hold", "holdArmed", "hold")) {
                ChildJvm holder = stage.start(Verbs.class, verb).expect("held");
                assertThat(lock.tryLock()).isFalse();
                holder.kill();
                question.ask(lock);
                lock.markConsistent();
            }
            region.unlink();
        }
    }

    @Test
    void holderKilled_isSweptThoughNobodyAsks() throws Exception {
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            stage.start(Verbs.class, "hold").expect("held").kill();
            Await.until(
                    "the liveness file of the dead is gone",
                    () -> stage.files().stream().filter(f -> f.contains("~alive-")).count() == 1);
            assertThat(lock.isAbandoned()).isTrue();
            region.unlink();
        }
    }

    @Test
    void allKilled_nextOpenerGetsTheAbandonedLockAtOnce() throws Exception {
        ChildJvm holder = stage.start(Verbs.class, "hold").expect("held");
        ChildJvm waiter = stage.start(Verbs.class, "obey").expect("ready");
        waiter.say("lock");
        waiter.stop(); // so that it does not get the lock when its holder dies
        holder.kill();
        waiter.kill();
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            assertThat(lock.tryLock()).isTrue();
            assertThat(lock.isAbandoned()).isTrue();
            assertThat(region.processes()).hasSize(1);
            lock.unlock();
            region.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holderKilled_waiterAcquires(boolean polling) throws Exception {
        Launch launch = polling ? POLLING : Launch.INTERPRETED;
        ChildJvm waiter = stage.start(launch, Verbs.class, "obey").expect("ready");
        for (int round = 0; round < 20; round++) {
            ChildJvm holder = stage.start(launch, Verbs.class, "hold").expect("held");
            waiter.say("lock");
            if (round % 2 == 0) awaitWaiters();
            holder.kill();
            waiter.expect("locked, abandoned: true");
            waiter.say("unlock");
            waiter.expect("unlocked");
        }
        waiter.kill();
        Region.unlink("r", stage.options());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holderKilled_waitersOfManyProcessesAcquireInTurn(boolean polling) throws Exception {
        Launch launch = polling ? POLLING : Launch.INTERPRETED;
        ChildJvm holder = stage.start(launch, Verbs.class, "hold").expect("held");
        List<ChildJvm> waiters = new ArrayList<>();
        for (int i = 0; i < 8; i++) waiters.add(stage.start(launch, Verbs.class, "obey"));
        for (ChildJvm waiter : waiters) waiter.expect("ready").say("lock");
        awaitWaiters();
        holder.kill();
        int abandoned = 0;
        List<ChildJvm> left = new ArrayList<>(waiters);
        while (!left.isEmpty()) {
            var said = new AtomicReference<>("");
            Await.until(
                    "one of " + left.size() + " waiters acquires",
                    () -> {
                        for (ChildJvm waiter : left) {
                            String line = waiter.heard();
                            if (line == null) continue;
                            left.remove(waiter);
                            waiter.say("unlock");
                            said.set(line);
                            return true;
                        }
                        return false;
                    });
            if (said.get().endsWith("true")) abandoned++;
        }
        for (ChildJvm waiter : waiters) waiter.expect("unlocked");
        assertThat(abandoned).as("told that the holder died").isEqualTo(1);
        for (ChildJvm waiter : waiters) waiter.kill();
        Region.unlink("r", stage.options());
    }

    /** The release wakes one waiter; if that one is killed before it acts, the wake-up must not be lost. */
    @Test
    void wokenWaitersKilled_othersAreNotStranded() throws Exception {
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            ChildJvm survivor = stage.start(Verbs.class, "obeyArmed").expect("ready");
            for (int round = 0; round < 15; round++) {
                ChildJvm first = stage.start(Verbs.class, "obeyArmed");
                first.expect("ready");
                lock.lock();
                first.say("lock");
                awaitWaiters();
                Await.sleep(10); // the first of the queue
                survivor.say("lock");
                Await.sleep(10);
                if (round % 3 > 0) first.stop(); // it is woken, and does not come to act
                lock.unlock();
                if (round % 3 == 1) Await.sleep(1);
                first.kill();
                survivor.hear();
                survivor.say("unlock");
                survivor.expect("unlocked");
            }
            survivor.kill();
            region.unlink();
        }
    }

    /**
     * A waiter looks after an owner whose death is not announced, but only when it goes to sleep. If that waiter gives up,
     * somebody else who sleeps must do it.
     */
    @Test
    void waiterThatWatchedTheOwnerGivesUp_anotherOneWatches() throws Exception {
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            lock.lock();
            ChildJvm impatient = stage.start(Verbs.class, "obeyArmed", 3000).expect("ready");
            ChildJvm patient = stage.start(Verbs.class, "obeyArmed").expect("ready");
            impatient.say("try");
            awaitWaiters();
            Await.sleep(20);
            patient.say("lock");
            Await.sleep(200); // all guardians have seen all who are there, and sleep
            ChildJvm unannounced = stage.start(POLLING, Verbs.class, "obey").expect("ready");
            // As if it had been faster than the waiter that our release woke, and that gives up
            // now.
            try (RawRegion raw = new RawRegion(region.path())) {
                raw.handOver(RawRegion.firstPayload(), raw.slotOf(unannounced.pid()));
            }
            impatient.expect("gave up");
            unannounced.kill();
            patient.expect("locked, abandoned: true");
            patient.kill();
            impatient.kill();
            region.unlink();
        }
    }

    @Test
    void virtualThreadsWaitForALockOfAnotherProcess() throws Exception {
        ChildJvm holder = stage.start(Verbs.class, "obey").expect("ready");
        holder.say("lock");
        holder.expect("locked, abandoned: false");
        ChildJvm waiters =
                stage.start(
                        Launch.INTERPRETED.with("-Djdk.virtualThreadScheduler.parallelism=1"),
                        Verbs.class,
                        "virtualWaiters",
                        200);
        waiters.expect("waiting");
        awaitWaiters();
        holder.say("unlock");
        waiters.expect("done").joinWell();
        waiters = stage.start(Verbs.class, "virtualWaiters", 200);
        holder.expect("unlocked").say("lock");
        holder.hear();
        waiters.expect("waiting");
        holder.kill();
        waiters.expect("done").joinWell();
        try (Region region = stage.open("r")) {
            assertThat(region.longValue("count", 0).get()).isEqualTo(400);
            region.unlink();
        }
    }

    @Test
    void temporaryRegion_goesWithItsLastProcess() throws Exception {
        ChildJvm child;
        try (Region region = Region.temporary(stage.options())) {
            SharedLong value = region.longValue(41);
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            }
            child =
                    stage.start(
                            Verbs.class,
                            "useTemporary",
                            HexFormat.of().formatHex(bytes.toByteArray()));
            child.expect("there");
            assertThat(value.get()).isEqualTo(42);
        }
        assertThat(stage.files()).isNotEmpty();
        child.say("go");
        child.joinWell();
        assertThat(stage.files()).isEmpty();
    }

    @Test
    void temporaryRegion_goesWithTheNextCallAfterAllWereKilled() throws Exception {
        stage.start(Verbs.class, "makeTemporary").expect("there").kill();
        assertThat(stage.files()).isNotEmpty();
        assertThat(Region.list(stage.directory())).isEmpty();
        assertThat(stage.files()).isEmpty();
    }

    private void awaitWaiters() throws Exception {
        try (RawRegion raw = new RawRegion(stage.directory().resolve("r"))) {
            Await.until("somebody waits", () -> RawRegion.hasWaiters(raw.firstLock()));
        }
    }
}
