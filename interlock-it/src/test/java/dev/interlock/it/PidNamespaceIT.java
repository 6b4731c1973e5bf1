package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.it.ChildJvm.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of several containers that share the directory: each has pid 1 in its own pid namespace, and sees no other's pid. */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class PidNamespaceIT {
    private static final Launch CONTAINER =
            Launch.PLAIN.behind("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    @RegisterExtension final Stage stage = new Stage();

    @BeforeAll
    static void needsPermission() throws Exception {
        int code =
                new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
        assumeTrue(code == 0, "this user may not make pid namespaces (unshare --pid)");
    }

    static final class Verbs {
        static void obey(Child me) throws Exception {
            me.say("pid " + ProcessHandle.current().pid());
            HolderDeathIT.Verbs.obey(me);
        }

        static void take(Child me) throws Exception {
            me.say("pid " + ProcessHandle.current().pid());
            Goods goods = Goods.in(me.open("r"), me.number(0) != 0);
            goods.take();
            me.say("taken");
            me.sleepForEver();
        }
    }

    private ChildJvm container(Object... arguments) throws Exception {
        return stage.start(CONTAINER, Verbs.class, "obey", arguments)
                .expect("pid 1")
                .expect("ready");
    }

    @Test
    void holderOfAnotherNamespace_isAlive_untilItIsKilled() throws Exception {
        ChildJvm holder = container(0);
        ChildJvm other = container(700);
        holder.say("lock");
        holder.expect("locked, abandoned: false");
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            assertThat(lock.tryLock(Duration.ofMillis(700))).isFalse();
            other.say("try");
            other.expect("gave up");
            assertThat(region.processes()).hasSize(3);

            other.say("lock");
            holder.kill();
            other.expect("locked, abandoned: true");
            assertThat(lock.tryLock(Duration.ofMillis(300))).isFalse();
            Await.until("the dead one is swept", () -> region.processes().size() == 2);
            other.say("unlock");
            other.expect("unlocked");
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            lock.unlock();
            other.kill();
            region.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holderOfThisNamespaceKilled_waiterOfAnotherAcquires(boolean waiterSleeps)
            throws Exception {
        ChildJvm waiter = container(0);
        ChildJvm holder = stage.start(HolderDeathIT.Verbs.class, "hold").expect("held");
        if (waiterSleeps) {
            waiter.say("lock");
            Await.sleep(100);
        }
        holder.kill();
        if (!waiterSleeps) waiter.say("lock");
        waiter.expect("locked, abandoned: true");
        waiter.kill();
        Region.unlink("r", stage.options());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signalsAndFairLocks_workBetweenNamespaces_andPassTheDead(boolean isFair) throws Exception {
        try (Region region = stage.open("r")) {
            Goods goods = Goods.in(region, isFair);
            List<ChildJvm> takers = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int count = i;
                takers.add(
                        stage.start(CONTAINER, Verbs.class, "take", isFair ? 1 : 0)
                                .expect("pid 1"));
                Await.until("it waits", () -> goods.more().getWaitQueueLength() == count);
            }
            goods.give(1);
            takers.get(0).expect("taken");
            goods.lock().lock();
            goods.ready().getAndAdd(1);
            goods.more().signal(); // for the second, which dies before it owns the lock
            takers.get(1).kill();
            goods.lock().unlock();
            takers.get(2).expect("taken");
            assertThat(goods.ready().get()).isZero();
            for (ChildJvm taker : takers) taker.kill();
            region.unlink();
        }
    }
}
