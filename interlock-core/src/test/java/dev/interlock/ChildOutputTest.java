package dev.interlock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where children's output goes. The parent is a program of its own, whose output the test reads. */
@Timeout(120)
class ChildOutputTest {
    @TempDir Path directory;

    /** Prints long lines of one letter, in pieces, on both streams, and lets a child do the same. */
    private static void printMuch(char letter, int generations) throws Exception {
        ChildProcess<?> child =
                generations == 0
                        ? null
                        : ChildProcess.start(
                                () -> printMuch((char) (letter + 10), generations - 1));
        String line = String.valueOf(letter).repeat(9000);
        for (int i = 0; i < 40; i++) {
            System.out.print(line);
            System.err.println(line);
            System.out.print(line);
            System.out.println();
        }
        if (child != null) child.join();
    }

    static final class Crowd {
        public static void main(String[] arguments) throws Exception {
            List<ChildProcess<?>> children = new ArrayList<>();
            for (char c = 'a'; c < 'e'; c++) {
                char letter = c;
                children.add(ChildProcess.start(() -> printMuch(letter, 1)));
            }
            for (ChildProcess<?> child : children) child.join();
            System.out.println("all joined");
        }
    }

    @Test
    void longLinesOfManyChildrenAndGrandchildren_areWhole_andThereBeforeJoinReturns()
            throws Exception {
        try (JavaProgram program = JavaProgram.run(Crowd.class)) {
            List<String> lines = program.readAll();
            assertThat(lines.getLast()).isEqualTo("all joined");
            assertThat(lines).hasSize(8 * 80 + 1);
            for (String line : lines.subList(0, lines.size() - 1)) {
                assertThat(line.chars().distinct().count()).as(line.substring(0, 10)).isEqualTo(1);
                assertThat(line.length()).isIn(9000, 18000);
            }
        }
    }

    static final class Partial {
        public static void main(String[] arguments) throws Exception {
            ChildProcess.of(() -> System.out.print("no end")).outputPrefix("> ").start().join();
            System.out.println("|");
        }
    }

    @Test
    void anUnfinishedLine_comesAtTheEnd() throws Exception {
        try (JavaProgram program = JavaProgram.run(Partial.class)) {
            assertThat(program.readAll()).containsExactly("> no end|");
        }
    }

    static final class Inheriting {
        public static void main(String[] arguments) throws Exception {
            ChildProcess.of(() -> System.out.println("directly"))
                    .inheritOutput()
                    .outputPrefix("> ")
                    .start()
                    .join();
        }
    }

    @Test
    void inheritedOutput_doesNotPassThroughTheParent() throws Exception {
        try (JavaProgram program = JavaProgram.run(Inheriting.class)) {
            assertThat(program.readAll()).containsExactly("directly");
        }
    }

    @Test
    void redirectedOutput_goesToFiles() throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ChildProcess.of(
                        () -> {
                            System.out.println("to out");
                            System.err.println("to err");
                        })
                .redirectOutput(ProcessBuilder.Redirect.to(out.toFile()))
                .redirectError(ProcessBuilder.Redirect.to(err.toFile()))
                .start()
                .join();
        assertThat(out).hasContent("to out");
        assertThat(err).hasContent("to err");
    }

    /** Its child starts a program that keeps the child's output open. */
    static final class Holding {
        public static void main(String[] arguments) throws Exception {
            var child =
                    ChildProcess.start(() -> {
                        Process holder = new ProcessBuilder("sleep", "1000").inheritIO().start();
                        System.out.println(holder.pid());
                    });
            child.join();
            System.out.println("joined");
            System.exit(0);
        }
    }

    @Test
    void join_doesNotWaitForAProgramThatHoldsTheOutput() throws Exception {
        try (JavaProgram program = JavaProgram.run(Holding.class)) {
            ProcessHandle holder = program.readProcess();
            assertThat(program.readLine()).isEqualTo("joined");
            assertThat(program.exitCode()).isZero();
            holder.destroyForcibly();
        }
    }

    @Test
    void nonAsciiText_arrives_whateverTheEncoding() throws Exception {
        for (String encoding : List.of("UTF-8", "ISO-8859-1")) {
            try (JavaProgram program =
                    JavaProgram.launch(
                            directory,
                            "-Dstdout.encoding=" + encoding,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Greeting.class.getName())) {
                byte[] bytes = program.process().getInputStream().readAllBytes();
                assertThat(new String(bytes, java.nio.charset.Charset.forName(encoding)))
                        .isEqualTo("grüß dich\n");
            }
        }
        assertThat("grüß".getBytes(UTF_8)).hasSize(6);
    }

    static final class Greeting {
        public static void main(String[] arguments) throws Exception {
            ChildProcess.start(() -> System.out.println("gr\u00fc\u00df dich")).join();
        }
    }

    @Test
    void standardInput_isEmptyInTheChild_andStaysTheParents() throws Exception {
        assertThat(ChildProcess.start(() -> System.in.read()).get()).isEqualTo(-1);
    }

    /** Prints warnings, if there are any. */
    @Test
    void aChildThatCallsNativeCode_printsNoWarning() throws Exception {
        Path err = directory.resolve("err");
        ChildProcess.of(
                        () -> {
                            try (Region region = Region.temporary()) {
                                var lock = region.lock("l");
                                try (var held = lock.acquire()) {
                                    System.out.println(held != null);
                                }
                            }
                        })
                .redirectError(ProcessBuilder.Redirect.to(err.toFile()))
                .start()
                .join();
        assertThat(Files.readAllLines(err)).isEmpty();
    }

    @Test
    void manyChildrenAtOnce_leaveNoThreadNoDescriptorNoZombieAndNoFile() throws Exception {
        ChildProcess.start(() -> {}).join(); // what is made once
        long files = openFiles();
        for (int round = 0; round < 2; round++) {
            List<ChildProcess<Integer>> children = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                children.add(
                        ChildProcess.of(() -> number)
                                .jvmOptions(
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xshare:auto")
                                .start());
            }
            for (int i = 0; i < 50; i++) assertThat(children.get(i).get()).isEqualTo(i);
        }
        while (openFiles() > files || !ourThreads().isEmpty()) TimeUnit.MILLISECONDS.sleep(10);
        assertThat(ChildProcess.active()).isEmpty();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(reports()).isEmpty();
    }

    private static long openFiles() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name ->
                        name.startsWith("interlock-wait-") || name.startsWith("interlock-output-"))
                .collect(Collectors.toList());
    }

    private static List<String> reports() throws Exception {
        Path place =
                Path.of(
                        "/dev/shm",
                        "interlock-" + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        String[] names =
                place.toFile()
                        .list((dir, name) ->
                                name.startsWith("~report-" + ProcessHandle.current().pid() + "-"));
        return names == null ? List.of() : List.of(names);
    }
}
