package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a JVM loads to open a region. A lambda, a method handle or a memory segment costs a JVM that has used none yet five to twenty
 * milliseconds, and all the rest of opening takes fifteen.
 */
@Timeout(120)
class ColdStartTest {
    /** What making or opening a region may load of ours: each class costs a cold JVM a quarter of a millisecond, much of it for its being one more. */
    private static final int MOST_CLASSES = 16;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    static final class Program {
        public static void main(String[] arguments) {
            System.out.println("started");
            try (Region region =
                    Region.open(
                            "cold", RegionOptions.defaults().directory(Path.of(arguments[0])))) {
                System.out.println("open");
                region.lock("lock").lock();
                region.longValue("value", 1);
                System.out.println("used");
            }
            System.out.println("closed");
        }
    }

    @Test
    void opening_loadsNoLambdaNoMethodHandleAndNoSegment_andFirstUseNoLambdaOfOurs()
            throws Exception {
        List<String> lines = logOfColdStart();

        assertThat(loaded(lines, "started", "open"))
                .anyMatch(name -> name.startsWith("dev.interlock.internal.region."))
                .noneMatch(name -> name.contains("Lambda"))
                .noneMatch(name -> name.startsWith("java.lang.invoke."))
                .noneMatch(name -> name.startsWith("jdk.internal.foreign."));
        assertThat(ours(lines, "started", "open")).hasSizeLessThanOrEqualTo(MOST_CLASSES);
        assertThat(loaded(lines, "open", "used"))
                .noneMatch(name -> name.matches("dev\\.interlock\\.[^ ]*\\$\\$Lambda.*"));
        assertThat(loaded(lines, "used", "closed"))
                .noneMatch(name -> name.matches("dev\\.interlock\\.[^ ]*\\$\\$Lambda.*"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void opening_loadsNoMore_whereAMemberDied(boolean anotherLives) throws Exception {
        RegionOptions options = RegionOptions.defaults().directory(directory);
        try (Region _ = anotherLives ? Region.open("cold", options) : null) {
            Casualty.happens(directory, "cold");

            List<String> lines = logOfColdStart();

            assertThat(loaded(lines, "started", "open"))
                    .noneMatch(name -> name.startsWith("java.lang.invoke."))
                    .noneMatch(name -> name.startsWith("jdk.internal.foreign."));
            assertThat(ours(lines, "started", "open")).hasSizeLessThanOrEqualTo(MOST_CLASSES);
        }
    }

    @Test
    void opening_loadsNoLambda_besideTheTemporaryRegionOfAnother() throws Exception {
        List<String> lines;
        try (Region _ = Region.temporary(RegionOptions.defaults().directory(directory))) {
            lines = logOfColdStart();
        }

        assertThat(loaded(lines, "started", "open"))
                .contains("dev.interlock.internal.region.Collector")
                .noneMatch(name -> name.contains("Lambda"))
                .noneMatch(name -> name.startsWith("java.lang.invoke."));
    }

    /** What a new JVM prints that opens a region, uses it and closes it. */
    private List<String> logOfColdStart() throws Exception {
        List<String> lines;
        try (JavaProgram program =
                JavaProgram.launch(
                        directory,
                        "-Xshare:auto",
                        "-Xlog:class+load:stdout:tid",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        directory.toString())) {
            lines = program.readAll();
        }
        assertThat(lines).contains("started", "open", "used", "closed");
        return lines;
    }

    /** The classes of ours that any thread loaded. */
    private static List<String> ours(List<String> lines, String from, String to) {
        return lines.subList(lines.indexOf(from), lines.indexOf(to)).stream()
                .filter(line -> line.contains("] dev.interlock."))
                .toList();
    }

    /**
     * The names of the classes that the main thread loaded, of lines such as "[4711] java.lang.Object source: shared objects file". The
     * guardian's thread is at work meanwhile, and loads what it likes.
     */
    private static List<String> loaded(List<String> lines, String from, String to) {
        String main =
                lines.stream()
                        .filter(line -> line.contains(Program.class.getName() + " source:"))
                        .map(line -> line.substring(0, line.indexOf(']') + 1))
                        .findFirst()
                        .orElseThrow();
        return lines.subList(lines.indexOf(from), lines.indexOf(to)).stream()
                .filter(line -> line.startsWith(main))
                .map(line -> line.substring(main.length()).strip().split(" ", -1)[0])
                .toList();
    }
}
