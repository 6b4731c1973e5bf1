package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways to run a program that starts processes: from source, from classes, as a module, from an argument file. */
@Timeout(240)
class ProgramFormsTest {
    private static final String MAIN =
            """
            import dev.interlock.*;
            public class Main {
                record Point(int x, int y) implements java.io.Serializable {}
                static Point twice(Point p) { return new Point(2 * p.x, 2 * p.y); }
                public static void main(String[] args) throws Exception {
                    Point p = new Point(1, 2);
                    System.out.println(ChildProcess.start(() -> twice(p)).get());
                    System.out.println(ChildProcess.start(() -> Helper.help(System.getProperty("colour"))).get());
                    try { ChildProcess.start(() -> { throw new Custom("no"); }).get(); }
                    catch (java.util.concurrent.ExecutionException e) { System.out.println(e.getCause().getClass()); }
                }
                static class Custom extends Exception { Custom(String m) { super(m); } }
            }
            """;
    private static final String HELPER =
            "public class Helper { public static String help(String s) { return \"helped \" + s; } }";
    private static final List<String> EXPECTED =
            List.of("Point[x=2, y=4]", "helped red", "class Main$Custom");

    @TempDir Path directory;

    private void write(String file, String text) throws Exception {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void compile(String... arguments) {
        int code =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.err, arguments);
        assertThat(code).isZero();
    }

    private static List<String> linesOnStdout(JavaProgram program) {
        return program.readAll().stream()
                .filter(line -> !line.startsWith("Exception in") && !line.startsWith("\t"))
                .toList();
    }

    @Test
    void aSingleSourceFile_runsAsItIs() throws Exception {
        write("Main.java", MAIN);
        write("Helper.java", HELPER);
        try (var program =
                JavaProgram.launch(
                        directory, "-Dcolour=red", "-cp", JavaProgram.library(), "Main.java")) {
            assertThat(linesOnStdout(program)).isEqualTo(EXPECTED);
            assertThat(program.exitCode()).isZero();
            assertNoClassesLeft(program);
        }
    }

    private static void assertNoClassesLeft(JavaProgram program) {
        File[] users =
                new File(System.getProperty("java.io.tmpdir"))
                        .listFiles((dir, name) -> name.startsWith("interlock-"));
        if (users == null) return;
        for (File user : users) {
            String[] names = user.list();
            if (names != null)
                assertThat(names)
                        .noneMatch(name -> name.startsWith("~classes-" + program.process().pid()));
        }
    }

    @Test
    void aSourceFileInAPackage_orWithoutAClass_runsToo() throws Exception {
        write("src/app/one/Main.java", "package app.one;\n" + MAIN);
        write("src/app/one/Helper.java", "package app.one;\n" + HELPER);
        try (var program =
                JavaProgram.launch(
                        directory,
                        "-Dcolour=red",
                        "-cp",
                        JavaProgram.library(),
                        "src/app/one/Main.java")) {
            assertThat(linesOnStdout(program)).startsWith(EXPECTED.getFirst(), EXPECTED.get(1));
        }
        write(
                "Compact.java",
                "void main() throws Exception { int n = 20; IO.println(dev.interlock.ChildProcess.start(() -> n + 1).get()); }");
        try (var program =
                JavaProgram.launch(directory, "-cp", JavaProgram.library(), "Compact.java")) {
            assertThat(program.readAll()).containsExactly("21");
        }
    }

    @Test
    void classes_runFromRelativePaths_inAnotherDirectoryToo() throws Exception {
        write(
                "Main.java",
                MAIN.replace(
                        "ChildProcess.start(() -> twice(p))",
                        "ChildProcess.of(() -> twice(p)).directory(java.nio.file.Path.of(\"/\")).start()"));
        write("Helper.java", HELPER);
        compile(
                "-cp",
                JavaProgram.library(),
                "-d",
                directory.resolve("out").toString(),
                directory.resolve("Main.java").toString(),
                directory.resolve("Helper.java").toString());
        try (var program =
                JavaProgram.launch(
                        directory, "-Dcolour=red", "-cp", "out:" + JavaProgram.library(), "Main")) {
            assertThat(linesOnStdout(program)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void anArgumentFile_andALongClassPath_arePassedOn() throws Exception {
        write("Main.java", MAIN);
        write("Helper.java", HELPER);
        compile(
                "-cp",
                JavaProgram.library(),
                "-d",
                directory.resolve("out").toString(),
                directory.resolve("Main.java").toString(),
                directory.resolve("Helper.java").toString());
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < 4000; i++)
            path.append("/no/such/place with a \\\"quote\\\"/library-").append(i).append(".jar:");
        write("args", "-Dcolour=red -cp \"" + path + "out:" + JavaProgram.library() + "\" Main");
        try (var program = JavaProgram.launch(directory, "@args")) {
            assertThat(linesOnStdout(program)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void aModule_runsAsAModule_withAClosedPackage() throws Exception {
        write("src/module-info.java", "module app { requires dev.interlock; }");
        write(
                "src/app/Main.java",
                "package app;\n"
                        + MAIN.replace(
                                "System.getProperty(\"colour\")",
                                "Main.class.getModule().toString()"));
        write("src/app/Helper.java", "package app;\n" + HELPER);
        String mods = directory.resolve("mods").toString();
        compile(
                "-p",
                JavaProgram.library(),
                "-d",
                mods + "/app",
                directory.resolve("src/module-info.java").toString(),
                directory.resolve("src/app/Main.java").toString(),
                directory.resolve("src/app/Helper.java").toString());
        try (var program =
                JavaProgram.launch(
                        directory, "-p", "mods:" + JavaProgram.library(), "-m", "app/app.Main")) {
            assertThat(linesOnStdout(program))
                    .containsExactly(
                            "Point[x=2, y=4]", "helped module app", "class app.Main$Custom");
        }
    }

    @Test
    void aClassThatOnlyTheParentHas_isExplained() throws Exception {
        write(
                "Task.java",
                "public class Hidden implements dev.interlock.Task<String> { public String call() { return \"\"; } }"
                        .replace("Hidden", "Task"));
        compile(
                "-cp",
                JavaProgram.library(),
                "-d",
                directory.toString(),
                directory.resolve("Task.java").toString());
        try (var loader =
                new java.net.URLClassLoader(
                        new java.net.URL[] {directory.toUri().toURL()},
                        ChildProcess.class.getClassLoader())) {
            var task = (Task<?>) loader.loadClass("Task").getDeclaredConstructor().newInstance();
            var child = ChildProcess.start(task);
            org.assertj.core.api.Assertions.assertThatThrownBy(child::get)
                    .cause()
                    .isInstanceOf(TaskNotSerializableException.class)
                    .hasMessageContaining("ClassNotFoundException: Task")
                    .hasMessageContaining("jshell");
        }
    }
}
