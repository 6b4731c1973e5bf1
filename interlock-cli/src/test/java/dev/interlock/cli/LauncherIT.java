package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.cli.Launcher.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a user meets it, from a shell and with little in the environment. */
class LauncherIT {
    @TempDir Path directory;

    @Test
    void withoutAnyJdk25_itSaysWhatToInstall_andStops() throws Exception {
        Run run = Launcher.in(directory).with(machineWith(jdk("java-17", "17.0.15"))).run("demo");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .startsWith("Interlock needs a JDK 25 or later")
                .contains("JAVA25_HOME");
        assertThat(run.output()).isEmpty();
    }

    @Test
    void whereTheDefaultJavaIsOlder_itFindsTheJdk25OfTheSystem() throws Exception {
        Path old = jdk("java-17", "17.0.15");
        Files.createSymbolicLink(
                jdks().resolve("some-jdk"), Path.of(System.getProperty("java.home")));

        Run run = Launcher.in(directory).with(machineWith(old)).run("--version");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).contains("interlock ", System.getProperty("java.home"));
    }

    @Test
    void outputThatCannotBeWritten_isAFailure() throws Exception {
        Run run = Launcher.in(directory).runInto(Path.of("/dev/full"), "--version");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).isEqualTo("interlock: standard output could not be written.\n");
    }

    @Test
    void withoutArguments_itTellsItsCommands() throws Exception {
        Run run = Launcher.in(directory).run();

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("demo", "bench");
    }

    /* CommandLineTest knows many more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "demo words /no/such/path",
                "demo words --processes 0",
                "demo words "
            })
    void aMistakeOfTheUser_isOneMessage_andStatus2(String arguments) throws Exception {
        Run run = Launcher.in(directory).run(arguments.split(" ", -1));

        assertThat(run.exitCode()).as(run.errors()).isEqualTo(2);
        assertThat(run.errors()).startsWith("interlock: ").doesNotContain("\tat ");
        assertThat(run.output()).isEmpty();
    }

    @Test
    void aRelativePath_isRelativeToTheCallersDirectory_alsoThroughALink() throws Exception {
        Files.writeString(
                Files.createDirectories(directory.resolve("tree/Grüße")).resolve("ü.txt"),
                "one two\n");
        Files.createSymbolicLink(directory.resolve("linked"), Launcher.SCRIPT);
        Path linkToLink = Files.createSymbolicLink(directory.resolve("again"), Path.of("linked"));

        Run run =
                Launcher.in(directory)
                        .calledAs(linkToLink)
                        .run("demo", "words", "tree", "--processes", "3");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).containsPattern("words +2 +2\n").contains("All totals are equal.");
    }

    @Test
    void theSharedValue_endsAt16() throws Exception {
        Run run = Launcher.in(directory).run("demo", "value");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).endsWith("main: number = 16\n");
    }

    @Test
    void theWholeDemo_runsAllProgramsAndJobs() throws Exception {
        Files.writeString(directory.resolve("a.txt"), "one two three\n");

        Run run = Launcher.in(directory).run("demo", directory.toString());

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output())
                .contains(
                        "--- add:",
                        "--- add-locked:",
                        "--- array:",
                        "--- value:",
                        "--- file:",
                        "--- words:",
                        "--- hash:",
                        "1 file, 14 bytes",
                        "--- thumbnails:")
                .containsPattern("words +3 +3\n")
                .doesNotContain("DIFFER");
    }

    @Test
    void theBenchmarks_printTables_andWriteJson() throws Exception {
        Path json = directory.resolve("results.json");

        Run run =
                Launcher.in(directory)
                        .with(
                                Map.of(
                                        "JAVA_HOME",
                                        System.getProperty("java.home"),
                                        "INTERLOCK_BENCH_ROUNDS",
                                        "1"))
                        .run("bench", "region-open", "--json", json.toString());

        assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
        assertThat(run.output()).contains("region-open: ", "| bare JVM");
        assertThat(json).content().startsWith("{").contains("\"region-open\"");
    }

    @Test
    void unchangedSources_areNotBuiltAgain() throws Exception {
        Launcher.in(directory).run("--version");

        Run second = Launcher.in(directory).run("--version");

        assertThat(second.errors()).isEmpty();
    }

    /** The environment of a machine whose default java is {@code jdk}, and whose JDKs lie next to it. */
    private Map<String, String> machineWith(Path jdk) {
        return Map.of(
                "JAVA_HOME", jdk.toString(),
                "INTERLOCK_JVM_DIR", jdks().toString(),
                "HOME", directory.toString());
    }

    private Path jdks() {
        return directory.resolve("jvm");
    }

    private Path jdk(String name, String version) throws Exception {
        Path jdk = jdks().resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        assertThat(Files.createFile(jdk.resolve("bin/javac")).toFile().setExecutable(true))
                .isTrue();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }
}
