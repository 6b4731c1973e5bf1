package dev.interlock.it;

import dev.interlock.internal.region.RawRegion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a failure of a test with many processes needs to be understood: pids, seed, stacks and shared words. */
final class Diagnosis {
    private static final int MOST_STACKS = 6;

    private Diagnosis() {}

    /** For a wait that took too long. */
    static AssertionError failure(String what) {
        return new AssertionError(what + "\n" + report(MOST_STACKS));
    }

    /** For what went wrong at once, so that stacks would tell nothing. */
    static AssertionError plainFailure(String what) {
        return new AssertionError(what + "\n" + report(0));
    }

    private static String report(int mostStacks) {
        var text = new StringBuilder("seed " + Stage.seed() + "\n");
        int stacks = 0;
        for (ChildJvm child : ChildJvm.living()) {
            text.append(child).append('\n');
            if (stacks++ < mostStacks) text.append(stackOf(child.pid()));
        }
        for (Path directory : TempRegionDirectory.inUse()) text.append(words(directory));
        return text.toString();
    }

    private static String words(Path directory) {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted().toList()) {
                text.append(file).append('\n');
                boolean isRegion = Files.isRegularFile(file) && Files.size(file) > 100_000;
                if (isRegion && file.toString().indexOf("~block") < 0)
                    text.append(RawRegion.describe(file));
            }
        } catch (Exception e) {
            text.append(e).append('\n');
        }
        return text.toString();
    }

    private static String stackOf(long pid) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process =
                    new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print")
                            .redirectErrorStream(true)
                            .start();
            if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (Exception e) {
            return e + "\n";
        }
    }
}
