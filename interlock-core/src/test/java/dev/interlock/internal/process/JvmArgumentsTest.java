package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmArgumentsTest {
    @Test
    void options_endAtTheMainClass() {
        assertThat(options("java", "-Da=b", "-ea", "Main", "-Dnot=mine"))
                .containsExactly("-Da=b", "-ea");
    }

    @Test
    void options_takeTheirValueAlong() {
        assertThat(
                        options(
                                "java",
                                "-cp",
                                "a:b",
                                "--add-opens",
                                "java.base/java.util=ALL-UNNAMED",
                                "-jar",
                                "x.jar"))
                .containsExactly("-cp=a:b", "--add-opens=java.base/java.util=ALL-UNNAMED");
    }

    @Test
    void options_endAtTheMainModule() {
        assertThat(options("java", "-p", "mods", "-m", "app/app.Main", "-x"))
                .containsExactly("-p=mods");
    }

    private static List<String> options(String... words) {
        return JvmArguments.options(List.of(words));
    }
}
