package dev.interlock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.RegionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs all that the README and the guides show, as it stands there. */
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern CLASS = Pattern.compile("public class (\\w+)");
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final String JAVA_HOME = System.getProperty("java.home");

    private static final Map<String, List<String>> OUTPUT =
            Map.ofEntries(
                    entry("Sum", List.of("16")),
                    entry("Once", List.of("writing the report, run 1")),
                    entry("Values", List.of("Position[x=1.5, y=-2.0, time=1]")),
                    entry("Kitchen", List.of("true, 5 plates")),
                    entry("Transfers", List.of("0 wrong sums, 10000 moved")),
                    entry(
                            "Philosophers",
                            List.of("eats", "puts the fork down: 2 wait for each other")),
                    entry("Buffers", List.of("500500")),
                    entry("Adders", List.of("all have added: 6")),
                    entry("Jobs", List.of("15 letters")),
                    entry("Talk", List.of("HELLO")),
                    entry("Pools", List.of("[1, 4, 9, 16]", "ProcessDiedException")),
                    entry(
                            "Children",
                            List.of(
                                    "5050",
                                    "java.lang.IllegalArgumentException: upTo is -1",
                                    "exited(1)")));

    /** Regions that the programs leave for their next run. */
    private static final Map<String, String> LEFT = Map.of("Once", "nightly-report");

    /** Each is run by another test, or runs this one. */
    private static final Map<String, String> COMMANDS =
            Map.of(
                    "./interlock demo", "LauncherIT",
                    "./interlock bench", "LauncherIT",
                    "./mvnw verify", "runs all tests");

    @TempDir Path directory;

    record Program(String name, String source) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(PROJECT.resolve("README.md")));
        try (Stream<Path> guides = Files.list(PROJECT.resolve("docs/guide"))) {
            guides.sorted().forEach(pages::add);
        }
        return pages;
    }

    static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        for (Path page : pages()) {
            BLOCK.matcher(Files.readString(page))
                    .results()
                    .filter(block -> block.group(1).equals(language))
                    .forEach(block -> blocks.add(block.group(2)));
        }
        return blocks;
    }

    static List<Program> programs() throws IOException {
        List<Program> programs = new ArrayList<>();
        for (String source : blocks("java")) {
            var name = CLASS.matcher(source);
            assertThat(name.find()).as(source).isTrue();
            programs.add(new Program(name.group(1), source));
        }
        return programs;
    }

    /* Those with which one begins; ProgramFormsTest tries what else a source file can be. */
    static List<Program> firstPrograms() throws IOException {
        return programs().subList(0, 3);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgram_runsCompiled_withoutAWarning(Program program) throws Exception {
        compile(write(program));
        requireExpected(
                program,
                List.of(
                        "java",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        jar() + ":.",
                        program.name));
    }

    @ParameterizedTest
    @MethodSource("firstPrograms")
    void aProgram_runsFromItsSource(Program program) throws Exception {
        requireExpected(program, List.of("java", "-cp", jar(), write(program).toString()));
    }

    /* The guide for those who come from Python shows the same in both languages. */
    @Test
    void thePythonProgram_printsWhatOursPrints() throws Exception {
        assumeTrue(PythonIT.hasPython(), "there is no python3");
        List<String> sources = blocks("python");
        assertThat(sources).hasSize(1);
        Path source = Files.writeString(directory.resolve("adders.py"), sources.getFirst());
        assertThat(runCommand(List.of("python3", source.toString())))
                .isEqualTo(OUTPUT.get("Adders"));
    }

    @Test
    void everyProgram_isInTheListOfOutputs_andNoneElse() throws Exception {
        assertThat(programs())
                .extracting(Program::name)
                .containsExactlyInAnyOrderElementsOf(OUTPUT.keySet());
    }

    @Test
    void theLinksOfAllPages_leadSomewhere() throws Exception {
        List<Path> pages = new ArrayList<>(pages());
        try (Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            for (var link : LINK.matcher(Files.readString(page)).results().toList()) {
                Path target = page.resolveSibling(link.group(1));
                assertThat(target).as("link in " + page).exists();
            }
        }
    }

    @Test
    void theCommands_areKnown() throws Exception {
        assertThat(blocks("sh").stream().map(String::strip)).hasSameElementsAs(COMMANDS.keySet());
    }

    /* In this JVM, in which javac is warm from the second program on. */
    private void compile(Path source) throws IOException {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        String to = directory.toString();
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int code =
                javac.run(
                        out,
                        out,
                        "-Xlint:all",
                        "-Werror",
                        "-cp",
                        jar(),
                        "-d",
                        to,
                        source.toString());
        assertThat(said.toString()).isEmpty();
        assertThat(code).isZero();
    }

    private Path write(Program program) throws IOException {
        return Files.writeString(directory.resolve(program.name + ".java"), program.source);
    }

    private void requireExpected(Program program, List<String> command) throws Exception {
        requireUnused("nightly-report");
        requireUnused("simulation");
        try {
            assertThat(run(command)).isEqualTo(OUTPUT.get(program.name));
        } finally {
            String left = LEFT.get(program.name);
            if (left != null) Region.unlink(left);
        }
    }

    private static void requireUnused(String region) {
        assertThat(Region.list().stream().map(RegionInfo::name))
                .as("regions of this user; the program needs '%s'", region)
                .doesNotContain(region);
    }

    /** What it printed on standard output; it must end well. */
    private List<String> run(List<String> command) throws Exception {
        List<String> words = new ArrayList<>(command);
        words.set(0, Path.of(JAVA_HOME, "bin", command.getFirst()).toString());
        return runCommand(words);
    }

    private List<String> runCommand(List<String> words) throws Exception {
        Path errors = directory.resolve("errors.txt");
        Process process =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectError(errors.toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        return output.lines().toList();
    }

    /** The jar that users add, if it is built; else the classes that go into it. */
    private static String jar() throws IOException {
        Path target = PROJECT.resolve("interlock-core/target");
        try (Stream<Path> files = Files.list(target)) {
            List<Path> jars =
                    files.filter(file ->
                                    file.getFileName()
                                            .toString()
                                            .matches("interlock-[\\d.]+(-SNAPSHOT)?\\.jar"))
                            .toList();
            assertThat(jars).as("jars in " + target).hasSize(1);
            return jars.getFirst().toString();
        }
    }
}
