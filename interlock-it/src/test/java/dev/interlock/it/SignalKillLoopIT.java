package dev.interlock.it;

import static dev.interlock.it.KillLoop.require;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedCountDownLatch;
import dev.interlock.SharedEvent;
import dev.interlock.SharedLong;
import dev.interlock.WaitSet;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that set and clear an event, count latches down, and wait for them. Nobody may wait for ever, and what was
 * counted stays counted. {@code -Dinterlock.it.kills} tells how many are killed.
 */
class SignalKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 100);
    private static final int PROCESSES = 4;
    private static final int THREADS = 2; // one sets and counts, one waits
    private static final int COUNT = 20;

    @RegisterExtension final Stage stage = new Stage();

    private static final class Signals {
        final Region region;
        final SharedEvent event;
        final SharedLong round; // of the latches; each has its own
        final SharedLong counted; // by who is about to
        final SharedLong waits; // that ended
        final SharedLong stop;

        Signals(Region region) {
            this.region = region;
            event = region.event("e");
            round = region.longValue("round", 0);
            counted = region.longValue("counted", 0);
            waits = region.longValue("waits", 0);
            stop = region.longValue("stop", 0);
        }

        private SharedCountDownLatch latch() {
            return region.countDownLatch("latch " + round.get(), COUNT);
        }

        void giveSignals(Random random) {
            while (stop.get() == 0) {
                long now = round.get();
                SharedCountDownLatch latch = latch();
                counted.getAndAdd(1);
                latch.countDown();
                if (latch.getCount() == 0) round.compareAndSet(now, now + 1);
                event.set();
                if (random.nextBoolean()) event.clear();
                LockSupport.parkNanos(random.nextInt(1_000_000));
            }
        }

        /* Each wait ends as long as there is somebody who gives signals. */
        void await(Random random) throws InterruptedException {
            while (stop.get() == 0) {
                SharedCountDownLatch latch = latch();
                switch (random.nextInt(4)) {
                    case 0 -> latch.await();
                    case 1 -> event.await();
                    case 2 -> {
                        if (event.await(Duration.ofNanos(random.nextInt(1_000_000)))) event.clear();
                    }
                    default -> {
                        List<?> ready = WaitSet.any(event, latch);
                        require(!ready.isEmpty(), "nothing is ready");
                    }
                }
                waits.getAndAdd(1);
                LockSupport.parkNanos(random.nextInt(300_000));
            }
        }
    }

    static final class Verbs {
        static void work(Child me) throws Exception {
            Signals signals = new Signals(me.open("r"));
            Workers.run(
                    me,
                    THREADS,
                    (account, random) -> {
                        if (account % 2 == 0) signals.giveSignals(random);
                        else signals.await(random);
                    });
        }
    }

    @Test
    void manyKilledAtRandom_nobodyWaitsForEver() throws Exception {
        Random random = Stage.random("signal kill loop");
        KillLoop loop = new KillLoop(stage, Verbs.class, PROCESSES, random);
        try (Region region = stage.open("r")) {
            Signals signals = new Signals(region);
            while (loop.killed() < KILLS) {
                loop.killSome(new KillLoop.Doom() {});
                loop.requireProgress(signals.waits::get);
            }
            signals.stop.set(1);
            Await.until(
                    "all have ended",
                    () -> {
                        signals.event.set();
                        while (signals.latch().getCount() > 0) signals.latch().countDown();
                        return loop.isOver();
                    });
            loop.joinWell();
            assertThat(region.processes()).hasSize(1);
            // A round takes as many counts as its latch; more only by those who came too late.
            assertThat(signals.counted.get()).isGreaterThanOrEqualTo(signals.round.get() * COUNT);
            System.out.printf(
                    "%d killed, %d rounds, %d waits%n",
                    loop.killed(), signals.round.get(), signals.waits.get());
            region.unlink();
        }
    }
}
