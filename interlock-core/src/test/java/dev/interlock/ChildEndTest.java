package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How children end, and what their parent is told. */
@Timeout(120)
class ChildEndTest {
    @TempDir Path directory;

    private static void sleep() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void awaitFile(String name) throws InterruptedException {
        while (!Files.exists(directory.resolve(name))) TimeUnit.MILLISECONDS.sleep(5);
    }

    @Test
    void codesAbove128_areNoSignals() throws Exception {
        for (int code : new int[] {129, 137, 143, 255}) {
            var child = ChildProcess.start(() -> System.exit(code));
            child.join();
            assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(code));
        }
    }

    @Test
    void everySignal_isTold() throws Exception {
        for (var signal : List.of("HUP", "INT", "TERM", "KILL", "USR1")) {
            if (signal.equals("INT") && IgnoredSignals.has(IgnoredSignals.INT)) continue;
            String started = directory.resolve(signal).toString();
            var child =
                    ChildProcess.of(
                                    () -> {
                                        Files.createFile(Path.of(started));
                                        sleep();
                                    })
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            awaitFile(signal);
            assertThat(
                            new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                                    .start()
                                    .waitFor())
                    .isZero();
            child.join();
            assertThat(child.exitStatus()).asString().contains("SIG" + signal);
        }
    }

    @Test
    void terminate_letsShutdownHooksRun_andTheirOutputArrives() throws Exception {
        String started = directory.resolve("started").toString();
        String hook = directory.resolve("hook").toString();
        var child =
                ChildProcess.start(() -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(hook)));
                    touch(started);
                    sleep();
                });
        awaitFile("started");
        child.terminate();
        child.join();
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.signalled(15));
        assertThat(directory.resolve("hook")).exists();
    }

    private static void touch(String file) {
        try {
            Files.createFile(Path.of(file));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void killDuringAnOrderlyEnd_isStillASignal() throws Exception {
        String inHook = directory.resolve("in-hook").toString();
        var child =
                ChildProcess.start(() -> {
                    Runtime.getRuntime()
                            .addShutdownHook(
                                    new Thread(() -> {
                                        touch(inHook);
                                        try {
                                            sleep();
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    }));
                    System.exit(0);
                });
        awaitFile("in-hook");
        child.kill();
        child.join();
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.signalled(9));
    }

    @Test
    void exitZeroBeforeTheTaskReturns_isNoResult() {
        ChildProcess<Integer> child =
                ChildProcess.start(() -> {
                    System.exit(0);
                    return 1;
                });
        assertThatThrownBy(child::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProcessDiedException.class,
                        e -> {
                            assertThat(e.exitStatus()).isEqualTo(ExitStatus.exited(0));
                            assertThat(e.pid()).isEqualTo(child.pid());
                            assertThat(e.processName()).isEqualTo(child.name());
                            assertThat(e).hasMessageContaining("System.exit");
                        });
    }

    @Test
    void aKilledChild_isReportedWithItsSignalAndLastLines() {
        var child =
                ChildProcess.of(
                                () -> {
                                    System.err.println("about to die");
                                    ProcessHandle.current().pid();
                                    new ProcessBuilder(
                                                    "kill",
                                                    "-9",
                                                    Long.toString(ProcessHandle.current().pid()))
                                            .start();
                                    sleep();
                                })
                        .name("victim")
                        .start();
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOfSatisfying(
                        ProcessDiedException.class,
                        e -> assertThat(e.errorOutput()).containsExactly("about to die"))
                .hasMessageContaining("victim")
                .hasMessageContaining("signalled(9 SIGKILL)")
                .hasMessageContaining("oom")
                .hasMessageContaining("about to die");
    }

    @Test
    void aCrashedJvm_isReportedWithItsCrashFile() {
        var child =
                ChildProcess.of(
                                () -> {
                                    new ProcessBuilder(
                                                    "kill",
                                                    "-SEGV",
                                                    Long.toString(ProcessHandle.current().pid()))
                                            .start();
                                    sleep();
                                })
                        .directory(directory)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .jvmOptions("-XX:-CreateCoredumpOnCrash", "-XX:+CreateCoredumpOnCrash")
                        .start();
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(ProcessDiedException.class)
                .hasMessageContaining("SIGABRT")
                .hasMessageContaining(
                        directory.resolve("hs_err_pid" + child.pid() + ".log").toString());
    }

    @Test
    void outOfMemoryThatTheTaskDoesNotCatch_arrivesAsItself() {
        var child =
                ChildProcess.of(() -> new long[Integer.MAX_VALUE - 8].length)
                        .jvmOptions("-Xmx32m")
                        .start();
        assertThatThrownBy(child::get).cause().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void outOfMemoryThatEndsTheJvm_isHinted() {
        var child =
                ChildProcess.of(
                                () -> {
                                    System.err.println(
                                            "java.lang.OutOfMemoryError: Java heap space");
                                    Runtime.getRuntime().halt(3);
                                })
                        .start();
        assertThatThrownBy(child::get).cause().hasMessageContaining("-Xmx");
    }

    @Test
    void largeArgumentsAndResults_travel() throws Exception {
        byte[] large = new byte[20_000_000];
        large[19_999_999] = 7;
        ChildProcess<byte[]> child = ChildProcess.start(() -> large);
        assertThat(child.get()).isEqualTo(large);
        assertThat(child.get()).isSameAs(child.get());
    }

    private static String exitLater(int code) {
        Thread main = Thread.currentThread();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        main.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    System.exit(code);
                });
        return "result";
    }

    @Test
    void theResultIsThere_evenIfTheProcessFailsLater() throws Exception {
        ChildProcess<String> child = ChildProcess.start(() -> exitLater(4));
        assertThat(child.get()).isEqualTo("result");
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(4));
    }

    @SuppressWarnings("serial") // refuses on purpose
    static final class OneWay extends Exception {
        private static final long serialVersionUID = 1L;

        OneWay() {
            super("one way only", new IllegalStateException("inner"));
        }

        private void readObject(java.io.ObjectInputStream in) throws java.io.IOException {
            throw new java.io.InvalidObjectException("not here");
        }
    }

    @Test
    void anExceptionThatCannotBeRebuilt_arrivesAsText() {
        var child =
                ChildProcess.start(() -> {
                    throw new OneWay();
                });
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOfSatisfying(
                        RemoteException.class,
                        e -> {
                            assertThat(e.remoteClassName()).isEqualTo(OneWay.class.getName());
                            assertThat(e.remoteMessage()).isEqualTo("one way only");
                            assertThat(e.remoteStackTrace())
                                    .contains("Caused by: java.lang.IllegalStateException: inner");
                        });
    }

    record Twice(Object a, Object b) implements Serializable {}

    @SuppressWarnings("ReferenceEquality") // that is its point
    @Test
    void whatTwoArgumentsShare_isOneObjectInTheChild() throws Exception {
        List<String> list = new ArrayList<>();
        Twice twice = new Twice(list, "x");
        assertThat(ChildProcess.start(() -> twice.a() == list).get()).isTrue();
    }

    @Test
    void cancelFalse_givesUpTheResult_andLeavesTheProcess() throws Exception {
        var child = ChildProcess.start(ChildEndTest::sleep);
        CompletableFuture<Throwable> waiter = CompletableFuture.supplyAsync(() -> failureOf(child));
        assertThat(child.cancel(false)).isTrue();
        assertThat(waiter.get()).isInstanceOf(CancellationException.class);
        assertThat(child.isDone()).isTrue();
        assertThat(child.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(child.isAlive()).isTrue();
        assertThat(child.cancel(true)).isFalse();
        child.kill();
        child.join();
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.signalled(9));
    }

    private static Throwable failureOf(ChildProcess<?> child) {
        try {
            child.get();
            throw new AssertionError("no failure");
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            return e;
        }
    }

    @Test
    void cancelAfterTheEnd_isRefused() throws Exception {
        var child = ChildProcess.start(() -> 1);
        child.join();
        assertThat(child.cancel(true)).isFalse();
        assertThat(child.get()).isEqualTo(1);
        assertThat(child.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(child.resultNow()).isEqualTo(1);
    }

    @Test
    void aStageOnExit_mayAskForTheResult() throws Exception {
        var child = ChildProcess.start(() -> 42);
        Integer result =
                child.onExit()
                        .thenApply(status -> {
                            try {
                                return child.get();
                            } catch (InterruptedException | ExecutionException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .get();
        assertThat(result).isEqualTo(42);
    }

    @Test
    void completingTheFutureOfTheEnd_changesNothing() throws Exception {
        var child = ChildProcess.start(() -> 1);
        child.onExit().complete(ExitStatus.exited(99));
        assertThat(child.get()).isEqualTo(1);
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void join_withZeroOrLess_onlyLooks() throws Exception {
        var child = ChildProcess.start(ChildEndTest::sleep);
        assertThat(child.join(Duration.ZERO)).isFalse();
        assertThat(child.join(Duration.ofSeconds(-1))).isFalse();
        assertThatThrownBy(child::exitStatus)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("running");
        child.kill();
        child.join();
        assertThat(child.join(Duration.ZERO)).isTrue();
    }

    @Test
    void join_isInterruptibleWhileItWaits() throws Exception {
        var child = ChildProcess.start(ChildEndTest::sleep);
        Thread waiter = Thread.currentThread();
        Thread.ofPlatform()
                .start(() -> {
                    while (waiter.getState() != Thread.State.WAITING) Thread.onSpinWait();
                    waiter.interrupt();
                });
        assertThatThrownBy(child::join).isInstanceOf(InterruptedException.class);
        child.kill();
        child.join();
    }

    @Test
    void theParentCanBeWaitedFor_andIsAlive() throws Exception {
        var child =
                ChildProcess.start(() -> {
                    ChildProcess<?> parent = ChildProcess.parent().orElseThrow();
                    return List.of(
                            parent.isAlive(),
                            parent.join(Duration.ofMillis(1)),
                            parent.pid(),
                            parent.name(),
                            ChildProcess.current().name());
                });
        assertThat(child.get())
                .isEqualTo(
                        List.of(
                                true,
                                false,
                                ProcessHandle.current().pid(),
                                ChildProcess.current().name(),
                                child.name()));
        assertThat(ChildProcess.parent()).isEmpty();
        assertThatThrownBy(() -> ChildProcess.current().join())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aResultThatFillsNoDirectory_isReported() {
        var child =
                ChildProcess.of(() -> "x".repeat(100))
                        .jvmOptions("-Djava.io.tmpdir=/no/such/directory")
                        .start();
        assertThat(failureOrResult(child)).isEqualTo("x".repeat(100)); // the first place has room
    }

    private static Object failureOrResult(ChildProcess<?> child) {
        try {
            return child.get();
        } catch (InterruptedException | ExecutionException e) {
            return e;
        }
    }
}
