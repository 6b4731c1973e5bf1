package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a process could not be started, in words that say what to do. */
class StartProblemTest {
    private static String said(String problem) {
        return String.valueOf(StartProblem.of("p", null, new IOException(problem)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot run program \"java\": error=11, Resource temporarily unavailable",
                "Cannot run program \"java\": error=12, Cannot allocate memory",
                "Cannot run program \"java\": posix_spawn failed, error: 11 (Resource temporarily unavailable)\nPossible reasons:\n - another",
            })
    void aLimitOfTheSystem_isNamed(String problem) {
        assertThat(said(problem)).contains("pids.max", "Start fewer").doesNotContain("reasons");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot run program \"java\": error=24, Too many open files",
                "Cannot run program \"java\": Exec failed, error: 24 (Too many open files)",
            })
    void tooManyFiles_isNamed(String problem) {
        assertThat(said(problem)).contains("ulimit -n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error=110, Timed out", "error: 2 (No such file or directory)"})
    void anythingElse_isSaidAsItIs(String problem) {
        assertThat(said(problem)).contains(problem).doesNotContain("limit");
    }
}
