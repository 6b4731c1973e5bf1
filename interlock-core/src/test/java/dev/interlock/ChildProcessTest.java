package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChildProcessTest {
    static void sleepForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    static String greet() {
        return "hello from " + ProcessHandle.current().pid();
    }

    /** Runs something that prints, and answers what came out of System.out. */
    private static String captured(Action action) throws Exception {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void get_answersTheResultOfALambdaWithCapturedArguments() throws Exception {
        String text = "captured";
        int[] numbers = {1, 2, 3};
        assertThat(ChildProcess.start(() -> text + numbers.length).get()).isEqualTo("captured3");
    }

    @Test
    void start_takesMethodReferencesAndTaskObjects() throws Exception {
        record Sum(int a, int b) implements Task<Integer> {
            @Override
            public Integer call() {
                return a + b;
            }
        }
        ChildProcess<String> child = ChildProcess.start(ChildProcessTest::greet);
        assertThat(child.get()).isEqualTo("hello from " + child.pid());
        assertThat(ChildProcess.start(new Sum(2, 3)).get()).isEqualTo(5);
    }

    @Test
    @SuppressWarnings("NullAway") // a task may return null, which its type cannot say here
    void get_answersNullForATaskThatReturnsNullAndForAnAction() throws Exception {
        ChildProcess<String> task = ChildProcess.start(() -> (String) null);
        ChildProcess<Void> action = ChildProcess.start(() -> {});
        assertThat(task.get()).isNull();
        assertThat(action.get()).isNull();
        assertThat(action.exitStatus()).isEqualTo(ExitStatus.exited(0));
    }

    static final class Special extends Exception {
        private static final long serialVersionUID = 1L;
        final int code;

        Special(String message, int code) {
            super(message);
            this.code = code;
        }
    }

    static void fail() throws Special {
        throw new Special("no luck", 7);
    }

    @Test
    void get_throwsTheChildsOwnExceptionWithItsStackTrace_andStatusIs1() throws Exception {
        ChildProcess<Void> child = ChildProcess.of(ChildProcessTest::fail).name("unlucky").start();
        assertThatThrownBy(child::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        Special.class,
                        e -> {
                            assertThat(e.code).isEqualTo(7);
                            assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail");
                            assertThat(e.getSuppressed()[0])
                                    .isInstanceOf(RemoteException.class)
                                    .hasMessageContaining("unlucky")
                                    .hasMessageContaining(Long.toString(child.pid()));
                        });
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(1));
    }

    @SuppressWarnings("serial") // that is its point
    static final class Unsendable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final Object notFine = new Object();
    }

    @Test
    void get_throwsRemoteException_ifTheExceptionCannotBeSent() {
        ChildProcess<Void> child =
                ChildProcess.start(() -> {
                    throw new Unsendable();
                });
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("Unsendable")
                .hasMessageContaining("ChildProcessTest");
    }

    @Test
    void get_failsClearly_ifTheResultCannotBeSent() {
        ChildProcess<Object> child = ChildProcess.start(() -> new Object());
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("java.lang.Object");
    }

    @SuppressWarnings("serial") // that is its point
    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;
        final List<Object> parts = new ArrayList<>();
        final Object socket;

        Holder(Object socket) {
            this.socket = socket;
        }
    }

    @Test
    void start_namesTheCapturedFieldThatCannotBeSent_andStartsNothing() {
        Thread thread = new Thread();
        Holder holder = new Holder(thread);
        int active = ChildProcess.active().size();
        assertThatThrownBy(() -> ChildProcess.start(() -> thread.join()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("captured argument 1");
        assertThatThrownBy(() -> ChildProcess.start(() -> holder.parts.clear()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining(".socket");
        assertThat(ChildProcess.active()).hasSize(active);
    }

    @Test
    void exitStatus_isExact() throws Exception {
        record Case(int exit, int expected) {}
        for (Case c :
                List.of(
                        new Case(0, 0),
                        new Case(3, 3),
                        new Case(137, 137),
                        new Case(143, 143),
                        new Case(300, 44),
                        new Case(-1, 255))) {
            int code = c.exit;
            ChildProcess<Void> child = ChildProcess.start(() -> System.exit(code));
            child.join();
            assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(c.expected));
        }
    }

    @Test
    void terminateAndKill_endByTheirSignals() throws Exception {
        ChildProcess<Void> terminated = ChildProcess.start(ChildProcessTest::sleepForEver);
        ChildProcess<Void> killed = ChildProcess.start(ChildProcessTest::sleepForEver);
        assertThatThrownBy(killed::exitStatus)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("join");
        terminated.terminate();
        killed.kill();
        terminated.join();
        killed.join();
        assertThat(terminated.exitStatus())
                .isEqualTo(ExitStatus.signalled(15))
                .hasToString("signalled(15 SIGTERM)");
        assertThat(killed.exitStatus()).isEqualTo(ExitStatus.signalled(9));
        assertThatThrownBy(killed::get)
                .cause()
                .isInstanceOf(ProcessDiedException.class)
                .hasMessageContaining("SIGKILL");
        killed.kill();
        killed.terminate();
    }

    @Test
    void get_reportsTheLastLinesOfAProcessThatDied_withAHint() {
        ChildProcess<Void> child =
                ChildProcess.of(
                                () -> {
                                    System.err.println("about to halt");
                                    System.err.println(
                                            "java.lang.OutOfMemoryError: Java heap space");
                                    Runtime.getRuntime().halt(5);
                                })
                        .start();
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(ProcessDiedException.class)
                .hasMessageContaining("exited(5)")
                .hasMessageContaining("about to halt")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void badJvmOption_isReportedWithWhatTheJvmSaid() {
        ChildProcess<Void> child =
                ChildProcess.of(() -> {}).jvmOptions("-XX:NoSuchOption=1").start();
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(ProcessDiedException.class)
                .hasMessageContaining("NoSuchOption");
    }

    @Test
    void missingDirectory_isReportedAtOnce(@TempDir Path directory) {
        assertThatThrownBy(() ->
                        ChildProcess.of(() -> {}).directory(directory.resolve("absent")).start())
                .isInstanceOf(ProcessStartException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void join_withTimeout_answersWhetherItEnded() throws Exception {
        ChildProcess<Void> child = ChildProcess.start(ChildProcessTest::sleepForEver);
        long start = System.nanoTime();
        assertThat(child.join(Duration.ofMillis(50))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        assertThat(child.join(Duration.ZERO)).isFalse();
        assertThat(child.isAlive()).isTrue();
        assertThatThrownBy(() -> child.get(1, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        child.kill();
        assertThat(child.join(Duration.ofDays(1_000_000_000_000L))).isTrue();
        assertThat(child.isAlive()).isFalse();
        assertThat(child.isDone()).isTrue();
    }

    @Test
    void join_isInterruptible_andLeavesTheChildAlone() throws Exception {
        ChildProcess<Void> child = ChildProcess.start(ChildProcessTest::sleepForEver);
        Thread.currentThread().interrupt();
        assertThatThrownBy(child::join).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(child.isAlive()).isTrue();
        child.kill();
        child.join();
    }

    @Test
    void cancel_endsTheChild() throws Exception {
        ChildProcess<Void> child = ChildProcess.start(ChildProcessTest::sleepForEver);
        assertThat(child.cancel(true)).isTrue();
        assertThat(child.isCancelled()).isTrue();
        assertThatThrownBy(child::get).isInstanceOf(CancellationException.class);
        child.join();
        assertThat(child.cancel(true)).isFalse();
    }

    @Test
    void names_areNumberedByAncestry() throws Exception {
        String name =
                ChildProcess.start(
                                () -> ChildProcess.start(() -> ChildProcess.current().name()).get())
                        .get();
        assertThat(name).matches("Process-\\d+:1");
        assertThat(ChildProcess.of(() -> ChildProcess.current().name()).name("given").start().get())
                .isEqualTo("given");
    }

    @Test
    void currentAndParent_tellWhoIsWho() throws Exception {
        assertThat(ChildProcess.current().pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(ChildProcess.parent()).isEmpty();
        long parent = ChildProcess.start(() -> ChildProcess.parent().orElseThrow().pid()).get();
        assertThat(parent).isEqualTo(ProcessHandle.current().pid());
        assertThat(ChildProcess.start(() -> ChildProcess.parent().orElseThrow().isAlive()).get())
                .isTrue();
    }

    @Test
    void active_listsLivingChildrenOnly() throws Exception {
        ChildProcess<Void> child = ChildProcess.start(ChildProcessTest::sleepForEver);
        assertThat(ChildProcess.active()).extracting(ChildProcess::pid).contains(child.pid());
        child.kill();
        child.join();
        assertThat(ChildProcess.active()).extracting(ChildProcess::pid).doesNotContain(child.pid());
    }

    @Test
    void nonDaemonThreadsOfTheChild_finishFirst() throws Exception {
        String printed =
                captured(() -> {
                    ChildProcess<Void> child =
                            ChildProcess.start(() ->
                                    new Thread(
                                                    () -> {
                                                        try {
                                                            Thread.sleep(200);
                                                        } catch (InterruptedException e) {
                                                            return;
                                                        }
                                                        System.out.println("thread is done");
                                                    })
                                            .start());
                    child.get();
                });
        assertThat(printed).isEqualTo("thread is done\n");
    }

    @Test
    void standardInputOfTheChild_isEmpty() throws Exception {
        assertThat(ChildProcess.start(() -> System.in.read()).get()).isEqualTo(-1);
    }

    @Test
    void propertiesOptionsEnvironmentAndDirectory_arrive(@TempDir Path directory) throws Exception {
        record Seen(String property, String variable, String directory, long heap)
                implements Serializable {}
        Seen seen =
                ChildProcess.of(() ->
                                new Seen(
                                        System.getProperty("some.key"),
                                        System.getenv("SOME_VARIABLE"),
                                        Path.of("").toAbsolutePath().toString(),
                                        Runtime.getRuntime().maxMemory()))
                        .jvmOptions("-Dsome.key=some value", "-Xmx48m")
                        .environment("SOME_VARIABLE", "x y")
                        .directory(directory)
                        .start()
                        .get();
        assertThat(seen.property).isEqualTo("some value");
        assertThat(seen.variable).isEqualTo("x y");
        assertThat(seen.directory).isEqualTo(directory.toRealPath().toString());
        assertThat(seen.heap).isLessThanOrEqualTo(48 << 20);
    }

    static void printLongLines(char c) {
        for (int i = 0; i < 20; i++) System.out.println(String.valueOf(c).repeat(20_000));
    }

    @Test
    void linesOfSeveralChildren_neverMix_howeverLong() throws Exception {
        String printed =
                captured(() -> {
                    var children = new ArrayList<ChildProcess<Void>>();
                    for (char c = 'a'; c < 'd'; c++) {
                        char own = c;
                        children.add(ChildProcess.start(() -> printLongLines(own)));
                    }
                    for (ChildProcess<Void> child : children) child.get();
                });
        List<String> lines = printed.lines().toList();
        assertThat(lines).hasSize(60);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSize(20_000).matches("(.)\\1*"));
    }

    @Test
    void outputPrefix_standsBeforeEachLine_andAnUnfinishedLastLineArrives() throws Exception {
        String printed =
                captured(() ->
                        ChildProcess.of(() -> System.out.print("one\ntwo\nthree"))
                                .outputPrefix("p: ")
                                .start()
                                .get());
        assertThat(printed).isEqualTo("p: one\np: two\np: three");
    }

    @Test
    void redirectedOutput_goesToTheFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("out");
        ChildProcess.of(() -> System.out.println("to the file"))
                .redirectOutput(ProcessBuilder.Redirect.to(file.toFile()))
                .start()
                .get();
        assertThat(file).hasContent("to the file");
    }

    @Test
    void bytesThatAreNoText_arriveUnchanged() throws Exception {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            ChildProcess.start(
                            () -> {
                                var out = new FileOutputStream(FileDescriptor.out);
                                out.write(new byte[] {0, (byte) 0xFF, (byte) 0xC3, '\n'});
                            })
                    .get();
        } finally {
            System.setOut(before);
        }
        assertThat(bytes.toByteArray()).containsExactly(0, 0xFF, 0xC3, '\n');
    }

    @Test
    void killTree_endsGrandchildrenToo() throws Exception {
        try (Region region = Region.temporary()) {
            SharedLong grandchild = region.longValue(0);
            ChildProcess<Void> child =
                    ChildProcess.start(() -> {
                        var inner =
                                ChildProcess.of(ChildProcessTest::sleepForEver)
                                        .daemon(false)
                                        .start();
                        grandchild.set(inner.pid());
                        inner.join();
                    });
            while (grandchild.get() == 0) Thread.onSpinWait();
            ProcessHandle inner = ProcessHandle.of(grandchild.get()).orElseThrow();
            child.killTree();
            child.join();
            inner.onExit().get();
        }
    }

    @Test
    void onExit_completesForManyAtOnce() throws Exception {
        var children = new ArrayList<ChildProcess<Void>>();
        for (int i = 0; i < 8; i++) {
            int code = i;
            children.add(ChildProcess.start(() -> System.exit(code)));
        }
        var exits = children.stream().map(ChildProcess::onExit).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(exits).get();
        for (int i = 0; i < 8; i++)
            assertThat(children.get(i).exitStatus()).isEqualTo(ExitStatus.exited(i));
    }

    @Test
    void sharedObjects_areTheSameInTheChild_andMayComeBack() throws Exception {
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock("lock");
            SharedLong number = region.longValue("number", 1);
            SharedIntArray array = region.intArray("array", 10);
            SharedLong back =
                    ChildProcess.start(
                                    () -> {
                                        try (var _ = lock.acquire()) {
                                            number.set(number.get() + 41);
                                            array.set(3, 33);
                                        }
                                        return number;
                                    })
                            .get();
            assertThat(number.get()).isEqualTo(42);
            assertThat(array.get(3)).isEqualTo(33);
            back.incrementAndGet();
            assertThat(number.get()).isEqualTo(43);
        }
    }

    @Test
    void aRegionThatIsGoneWhenTheTaskArrives_isWhatTheFailureSays(
            @TempDir(factory = InSharedMemory.class) Path directory) {
        try (Region region = Region.open("gone", RegionOptions.defaults().directory(directory))) {
            SharedLock lock = region.lock("l");
            region.unlink();
            ChildProcess<Void> child = ChildProcess.start(() -> lock.lock());
            assertThatThrownBy(child::get).hasCauseInstanceOf(RegionNotFoundException.class);
        }
    }

    @Test
    void noReportFiles_areLeftBehind() throws Exception {
        ChildProcess<Integer> child = ChildProcess.start(() -> 1);
        child.get();
        Path directory = dev.interlock.internal.region.Directory.ofUser();
        if (!Files.isDirectory(directory)) return; // removed with the last file in it
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name ->
                            name.startsWith("~report-" + ProcessHandle.current().pid() + "-"));
        }
    }
}
