package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What fails when a worker or a task does, after Python's cases of executor deadlocks: error, exit and crash, in an argument, in the task, in
 * the result. Each time another task, which the other worker has in hand, must not notice.
 */
@Timeout(120)
@SuppressWarnings({
    "NullAway",
    "InfiniteRecursion",
    "ModifiedButNotUsed"
}) // what these cases are about
class ProcessPoolFailureTest {
    private static ProcessPool pool;
    private static Region region;

    private SharedCountDownLatch latch;
    private PoolFuture<String> bystander;

    @BeforeAll
    static void startPool() {
        pool = ProcessPool.builder().workers(2).name("frail").start();
        region = Region.temporary();
    }

    @AfterAll
    static void endPool() {
        pool.close();
        region.close();
    }

    /** Runs in one worker for as long as a case lasts. */
    private void watch() throws InterruptedException {
        SharedCountDownLatch began = region.countDownLatch(1);
        SharedCountDownLatch end = region.countDownLatch(1);
        latch = end;
        bystander =
                pool.submit(() -> {
                    began.countDown();
                    end.await();
                    return "unhurt";
                });
        began.await();
    }

    @AfterEach
    void nobodyElseIsHurt() throws Exception {
        if (bystander == null) return;
        latch.countDown();
        assertThat(bystander.get()).isEqualTo("unhurt");
        assertThat(bystander.attempts()).isEqualTo(1);
    }

    private static ProcessDiedException death(PoolFuture<?> future) throws Exception {
        try {
            Object result = future.get();
            throw new AssertionError("It gave " + result);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(ProcessDiedException.class);
            return (ProcessDiedException) e.getCause();
        }
    }

    private static void killSelf() throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-9", pid).start().waitFor();
        Thread.sleep(Duration.ofMinutes(5)); // until it arrives
    }

    private static void overflow() {
        overflow();
    }

    // ---- in the task ----

    @Test
    void aKilledWorker_failsItsTaskOnly() throws Exception {
        watch();
        ProcessDiedException death =
                death(
                        pool.submit(() -> {
                            System.err.println("last words");
                            killSelf();
                            return 1;
                        }));
        assertThat(death.exitStatus()).isEqualTo(ExitStatus.signalled(9));
        assertThat(death.errorOutput()).contains("last words");
        assertThat(death).hasMessageContaining("SIGKILL").hasMessageContaining("oom");
        assertThat(death.processName()).startsWith("frail-worker-");
        assertThat(pool.submit(() -> 3).get()).isEqualTo(3); // by another
    }

    @Test
    void systemExit_failsItsTaskOnly_evenWithStatusZero() throws Exception {
        watch();
        ProcessDiedException death = death(pool.submit(() -> System.exit(0)));
        assertThat(death.exitStatus()).isEqualTo(ExitStatus.exited(0));
        assertThat(death).hasMessageContaining("System.exit");
        assertThat(death(pool.submit(() -> System.exit(77))).exitStatus())
                .isEqualTo(ExitStatus.exited(77));
    }

    @Test
    void halt_failsItsTaskOnly() throws Exception {
        watch();
        assertThat(death(pool.submit(() -> Runtime.getRuntime().halt(5))).exitStatus())
                .isEqualTo(ExitStatus.exited(5));
    }

    @Test
    void runningOutOfMemory_failsItsTaskOnly_andSaysSo() throws Exception {
        try (ProcessPool small = ProcessPool.builder().workers(1).memoryLimit(32L << 20).start()) {
            PoolFuture<?> greedy =
                    small.submit(() -> {
                        List<byte[]> all = new ArrayList<>();
                        while (true) all.add(new byte[1 << 20]);
                    });
            assertThat(death(greedy)).hasMessageContaining("ran out of memory");
            assertThat(small.submit(() -> 3).get()).isEqualTo(3);
        }
    }

    @Test
    void aStackOverflow_isAnExceptionOfTheTask() throws Exception {
        watch();
        long before = pool.submit(() -> ProcessHandle.current().pid()).get();
        assertThatThrownBy(pool.submit(() -> overflow())::get)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(before);
    }

    @Test
    void aNativeCrash_failsItsTaskOnly() throws Exception {
        watch();
        ProcessDiedException death =
                death(
                        pool.submit(() -> {
                            String pid = Long.toString(ProcessHandle.current().pid());
                            new ProcessBuilder("kill", "-SEGV", pid).start().waitFor();
                            Thread.sleep(Duration.ofMinutes(5));
                            return 1;
                        }));
        assertThat(death).hasMessageContaining("hs_err_pid");
        java.nio.file.Files.deleteIfExists(
                java.nio.file.Path.of("hs_err_pid" + death.pid() + ".log"));
    }

    @Test
    void anError_isThrownAsItself() throws Exception {
        watch();
        assertThatThrownBy(
                        pool.submit(() -> {
                            throw new AssertionError("no");
                        })
                                ::get)
                .hasCauseInstanceOf(AssertionError.class)
                .hasMessageContaining("no");
    }

    // ---- in an argument ----

    /** Does something when it arrives. */
    private record OnArrival(Action action) implements Serializable {
        private Object readResolve() {
            try {
                action.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return this;
        }
    }

    @Test
    void anArgumentThatCannotBeRebuilt_failsItsTaskOnly() throws Exception {
        watch();
        var argument =
                new OnArrival(() -> {
                    throw new IllegalStateException("broken on arrival");
                });
        assertThatThrownBy(pool.submit(() -> argument.action())::get)
                .hasRootCauseMessage("broken on arrival");
    }

    @Test
    void anArgumentThatExitsOrKills_failsItsTaskOnly() throws Exception {
        watch();
        var exits = new OnArrival(() -> System.exit(4));
        var kills = new OnArrival(ProcessPoolFailureTest::killSelf);
        assertThat(death(pool.submit(() -> exits.action())).exitStatus())
                .isEqualTo(ExitStatus.exited(4));
        assertThat(death(pool.submit(() -> kills.action())).exitStatus())
                .isEqualTo(ExitStatus.signalled(9));
    }

    // ---- in the result ----

    /** Does something when it is sent. */
    private static final class OnLeaving implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Action action;

        OnLeaving(Action action) {
            this.action = action;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            try {
                action.run();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aResultThatCannotBeSent_failsItsTaskOnly() throws Exception {
        watch();
        assertThatThrownBy(pool.submit(() -> List.of(1, new Object()))::get)
                .hasCauseInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(
                        pool.submit(() ->
                                new OnLeaving(() -> {
                                    throw new NotSerializableException("no");
                                }))
                                ::get)
                .hasCauseInstanceOf(TaskNotSerializableException.class);
    }

    @Test
    void aResultThatExitsOrKills_failsItsTaskOnly() throws Exception {
        watch();
        assertThat(death(pool.submit(() -> new OnLeaving(() -> System.exit(6)))).exitStatus())
                .isEqualTo(ExitStatus.exited(6));
        assertThat(
                        death(pool.submit(() -> new OnLeaving(ProcessPoolFailureTest::killSelf)))
                                .exitStatus())
                .isEqualTo(ExitStatus.signalled(9));
    }

    /** Cannot be read. */
    private static final class OnReading implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            throw new IllegalStateException("unreadable");
        }
    }

    @Test
    void aResultThatCannotBeRebuiltHere_failsItsTaskOnly() throws Exception {
        watch();
        assertThatThrownBy(pool.submit(() -> new OnReading())::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("unreadable");
    }

    private static final class Unsendable extends Exception {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "unused"}) // this is the point
        private final Object secret = new Object();

        Unsendable(String message) {
            super(message);
        }
    }

    @Test
    void anExceptionThatCannotBeSent_arrivesAsText() throws Exception {
        watch();
        assertThatThrownBy(
                        pool.submit(() -> {
                            throw new Unsendable("told as text");
                        })
                                ::get)
                .cause()
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("told as text");
    }

    // ---- workers that cannot be started ----

    @Test
    void anInitializerThatThrows_stopsThePool_withItsExceptionAsTheReason() throws Exception {
        Action initializer =
                () -> {
                    throw new IllegalStateException("no database");
                };
        try (ProcessPool broken =
                ProcessPool.builder().workers(2).initializer(initializer).start()) {
            PoolFuture<Integer> future = broken.submit(() -> 1);
            assertThatThrownBy(future::get)
                    .cause()
                    .isInstanceOf(ProcessStartException.class)
                    .hasMessageContaining("no database")
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> broken.submit(() -> 2))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("no database");
            assertThat(broken.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void workersThatCannotBeStarted_stopThePool_withTheReason() throws Exception {
        try (ProcessPool broken =
                ProcessPool.builder().workers(1).jvmOptions("-XX:NoSuchOption=1").start()) {
            PoolFuture<Integer> future = broken.submit(() -> 1);
            assertThatThrownBy(future::get)
                    .cause()
                    .isInstanceOf(ProcessStartException.class)
                    .hasMessageContaining("NoSuchOption");
        }
    }

    @Test
    void anInitializerThatExits_stopsThePool() throws Exception {
        try (ProcessPool broken =
                ProcessPool.builder().workers(1).initializer(() -> System.exit(9)).start()) {
            assertThatThrownBy(broken.submit(() -> 1)::get)
                    .cause()
                    .isInstanceOf(ProcessStartException.class)
                    .hasMessageContaining("exited(9)");
        }
    }

    // ---- retries and limits ----

    @Test
    void aTaskOfADeadWorker_isRunAgain_ifThePolicySaysSo() throws Exception {
        SharedInt attempts = region.intValue(0);
        try (ProcessPool patient =
                ProcessPool.builder().workers(1).retryPolicy(RetryPolicy.onDeath(2)).start()) {
            PoolFuture<Integer> future =
                    patient.submit(() -> {
                        if (attempts.getAndAdd(1) < 2) killSelf();
                        return attempts.get();
                    });
            assertThat(future.get()).isEqualTo(3);
            assertThat(future.attempts()).isEqualTo(3);
            attempts.set(-5);
            PoolFuture<Integer> hopeless =
                    patient.submit(() -> {
                        attempts.getAndAdd(1);
                        killSelf();
                        return 0;
                    });
            assertThat(death(hopeless).exitStatus()).isEqualTo(ExitStatus.signalled(9));
            assertThat(attempts.get()).isEqualTo(-2);
        }
    }

    @Test
    void aTaskThatThrows_isRunAgain_ifThePolicySaysSo() throws Exception {
        SharedInt attempts = region.intValue(0);
        RetryPolicy policy = RetryPolicy.upTo(5, IllegalStateException.class::isInstance);
        try (ProcessPool patient = ProcessPool.builder().workers(1).retryPolicy(policy).start()) {
            PoolFuture<Integer> future =
                    patient.submit(() -> {
                        if (attempts.getAndAdd(1) < 3) throw new IllegalStateException();
                        return 1;
                    });
            assertThat(future.get()).isEqualTo(1);
            assertThatThrownBy(patient.submit(() -> Integer.parseInt("x"))::get)
                    .hasCauseInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void aPolicyThatThrows_isTakenForNo() throws Exception {
        RetryPolicy policy =
                (attempts, failure) -> {
                    if (failure instanceof IllegalStateException e) throw e; // the very one
                    throw new AssertionError("a bug in the policy");
                };
        try (ProcessPool odd = ProcessPool.builder().workers(1).retryPolicy(policy).start()) {
            assertThatThrownBy(odd.submit(() -> Integer.parseInt("x"))::get)
                    .hasCauseInstanceOf(NumberFormatException.class);
            assertThatThrownBy(
                            odd.submit(() -> {
                                throw new IllegalStateException();
                            })
                                    ::get)
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThat(odd.submit(() -> 3).get()).isEqualTo(3);
        }
    }

    /** Fails when it arrives, and with an error. */
    private static final class Poisonous extends Exception {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            throw new AssertionError("poison");
        }
    }

    @Test
    void anExceptionThatCannotBeRead_hurtsNobodyElse() throws Exception {
        RetryPolicy policy = RetryPolicy.upTo(1, _ -> true);
        try (ProcessPool odd = ProcessPool.builder().workers(1).retryPolicy(policy).start()) {
            assertThatThrownBy(
                            odd.submit(() -> {
                                throw new Poisonous();
                            })
                                    ::get)
                    .hasCauseInstanceOf(RemoteException.class);
            assertThat(odd.submit(() -> 3).get()).isEqualTo(3);
        }
        assertThatThrownBy(
                        pool.submitAsync(() -> {
                            throw new Poisonous();
                        })
                                ::get)
                .hasCauseInstanceOf(RemoteException.class);
    }

    @Test
    void kill_neverReachesTheNextTask() throws Exception {
        try (ProcessPool one = ProcessPool.builder().workers(1).spares(1).start()) {
            for (int i = 0; i < 12; i++) {
                PoolFuture<?> first =
                        one.submit(() -> {
                            Thread.sleep(2);
                            return null;
                        });
                PoolFuture<Integer> next = one.submit(() -> 5);
                Watchdog.await("it begins", () -> first.attempts() > 0);
                java.util.concurrent.locks.LockSupport.parkNanos(1_900_000 - i * 20_000);
                boolean _ = first.kill();
                assertThat(next.get()).as("round %d", i).isEqualTo(5);
            }
        }
    }

    @Test
    void aTaskOverItsLimit_isRunAgain_ifThePolicySaysSo() throws Exception {
        SharedInt attempts = region.intValue(0);
        RetryPolicy policy = RetryPolicy.upTo(1, TimeoutException.class::isInstance);
        try (ProcessPool patient =
                ProcessPool.builder()
                        .workers(1)
                        .taskTimeLimit(Duration.ofSeconds(2))
                        .retryPolicy(policy)
                        .start()) {
            PoolFuture<Integer> future =
                    patient.submit(() -> {
                        if (attempts.getAndAdd(1) > 0) return 7;
                        try {
                            Thread.sleep(Duration.ofMinutes(5));
                        } catch (InterruptedException e) {
                            // returns in good order, though late
                        }
                        return 1;
                    });
            assertThat(future.get()).isEqualTo(7);
            assertThat(future.attempts()).isEqualTo(2);
        }
    }

    @Test
    void aTaskOverItsTimeLimit_isInterrupted_andThenItsWorkerIsKilled() throws Exception {
        SharedInt interrupted = region.intValue(0);
        try (ProcessPool strict =
                ProcessPool.builder()
                        .workers(1)
                        .taskTimeLimit(Duration.ofMillis(200))
                        .interruptGrace(Duration.ofSeconds(3))
                        .start()) {
            PoolFuture<?> sleeper =
                    strict.submit(() -> {
                        try {
                            Thread.sleep(Duration.ofHours(1));
                        } catch (InterruptedException e) {
                            interrupted.set(1);
                        }
                    });
            assertThatThrownBy(sleeper::get)
                    .cause()
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("PT0.2S")
                    .hasMessageContaining("interrupted");
            assertThat(interrupted.get()).isEqualTo(1);
            PoolFuture<?> deaf =
                    strict.submit(() -> {
                        while (true)
                            if (!Thread.interrupted())
                                java.util.concurrent.locks.LockSupport.park();
                    });
            assertThatThrownBy(deaf::get)
                    .cause()
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("killed");
            // where the machine is busy the first one may take too long itself
            Watchdog.await("the pool lives on", () -> isInTime(strict.submit(() -> 3)));
        }
    }

    private static boolean isInTime(PoolFuture<Integer> three) {
        try {
            return three.get() == 3;
        } catch (ExecutionException late) {
            assertThat(late).hasCauseInstanceOf(TimeoutException.class);
            return false;
        } catch (InterruptedException nobodyDoes) {
            throw new AssertionError(nobodyDoes);
        }
    }

    @Test
    void aWorkerThatHasGrownTooLarge_isReplacedAfterItsTask() throws Exception {
        try (ProcessPool small =
                ProcessPool.builder()
                        .workers(1)
                        .memoryLimit(200L << 20)
                        .jvmOptions("-Xmx400m")
                        .start()) {
            PoolFuture<Long> large =
                    small.submit(() -> {
                        byte[] much = new byte[250 << 20];
                        for (int i = 0; i < much.length; i += 4096) much[i] = 1;
                        return ProcessHandle.current().pid() + 0 * much[0];
                    });
            long before = large.get();
            Thread.sleep(100); // it looks at most twenty times a second
            assertThat(small.submit(() -> ProcessHandle.current().pid()).get())
                    .isNotEqualTo(before);
        }
    }
}
