package dev.interlock.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.examples.JavaRun.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example as users do, in processes of its own, and checks what it promises of its output. */
class ExamplesTest {
    private static final List<Step> ONES = stepsOf(1);
    private static final List<Step> THREES = stepsOf(3);

    @TempDir Path directory;

    @Test
    void addWithoutLock_printsTheParentsLineFirst_thenTheStepsOfBothProcesses() throws Exception {
        JavaRun run = succeed(AddWithoutLock.class);

        assertThat(run.output()).hasSize(9).first().isEqualTo("main: both processes are started");
        assertThat(run.steps()).containsSubsequence(ONES).containsSubsequence(THREES);
    }

    /** Nothing forces the steps to mix, so a busy machine may need more than one run. */
    @Test
    void addWithoutLock_mixesTheStepsOfBothProcesses() throws Exception {
        boolean mixed = false;
        for (int run = 1; run <= 20 && !mixed; run++) {
            mixed = !isOneAfterTheOther(succeed(AddWithoutLock.class).steps());
        }

        assertThat(mixed).isTrue();
    }

    @Test
    void addUnderLock_printsAllLinesOfOneProcess_beforeTheOtherBegins() throws Exception {
        JavaRun run = succeed(AddUnderLock.class);

        assertThat(run.output()).hasSize(9).first().isEqualTo("main: both processes are started");
        assertThat(run.steps()).matches(ExamplesTest::isOneAfterTheOther);
    }

    @Test
    void addWithLockAndUnlock_printsAllLinesOfOneProcess_beforeTheOtherBegins() throws Exception {
        assertThat(succeed(AddWithLockAndUnlock.class).steps())
                .matches(ExamplesTest::isOneAfterTheOther);
    }

    @Test
    void failUnderLock_leavesTheLockFree() throws Exception {
        assertThat(succeed(FailUnderLock.class).output())
                .containsExactly(
                        "child: holds the lock and fails",
                        "main: the child ended with exited(1)",
                        "main: now I hold it; was it abandoned? false");
    }

    @Test
    void negateArray_showsTheParentWhatTheChildWrote() throws Exception {
        assertThat(succeed(NegateArray.class).output())
                .containsExactly(
                        "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
                        "[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]");
    }

    @Test
    void addToSharedValue_losesNoStep() throws Exception {
        JavaRun run = succeed(AddToSharedValue.class);

        assertThat(run.output()).last().isEqualTo("main: number = 16");
        assertThat(run.steps()).matches(ExamplesTest::isChain);
    }

    @Test
    void writeAndReadFile_readsWholeFilesOnly() throws Exception {
        assertThat(succeed(WriteAndReadFile.class).output())
                .hasSize(8)
                .allMatch(line -> line.matches("read \\d: 100 lines, all of round \\d"));
    }

    private JavaRun succeed(Class<?> example) throws IOException, InterruptedException {
        JavaRun run = JavaRun.of(example, directory);
        assertThat(run.exitCode()).as("exit code; %s", run).isZero();
        assertThat(run.errors()).isEmpty();
        return run;
    }

    private static List<Step> stepsOf(int by) {
        return IntStream.range(0, 4).mapToObj(i -> new Step(by, i * by, (i + 1) * by)).toList();
    }

    private static boolean isOneAfterTheOther(List<? extends Step> steps) {
        return steps.equals(concat(ONES, THREES)) || steps.equals(concat(THREES, ONES));
    }

    private static List<Step> concat(List<Step> first, List<Step> second) {
        return Stream.of(first, second).flatMap(List::stream).toList();
    }

    /** Each step starts where the one before it ended. */
    private static boolean isChain(List<? extends Step> steps) {
        int number = 0;
        for (var step : steps) {
            if (step.before() != number || step.after() != number + step.by()) {
                return false;
            }
            number = step.after();
        }
        return number == 16;
    }
}
