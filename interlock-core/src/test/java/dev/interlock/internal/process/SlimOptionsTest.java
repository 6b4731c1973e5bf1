package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlimOptionsTest {
    private static final List<String> ALL =
            List.of("-XX:+UseSerialGC", "-Xms8m", "-XX:-UsePerfData");

    @Test
    void withoutAnyOption_allDefaultsHold() {
        assertThat(
                        SlimOptions.besides(
                                List.of("-Dname=value", "-Xss2m", "-XX:+UseStringDeduplication")))
                .isEqualTo(ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseZGC", "-XX:-UseSerialGC"})
    void aCollectorThatIsGiven_isTheOnlyOne(String option) {
        assertThat(SlimOptions.besides(List.of(option))).doesNotContain(ALL.getFirst()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx4m",
                "-Xms1g",
                "-Xmn3m",
                "-XX:MaxHeapSize=4m",
                "-XX:InitialRAMPercentage=50",
                "-XX:NewSize=1m"
            })
    void aHeapThatIsGiven_isNotTouched(String option) {
        assertThat(SlimOptions.besides(List.of(option))).doesNotContain("-Xms8m").hasSize(2);
    }

    @Test
    void perfData_canBeHadBack() {
        assertThat(SlimOptions.besides(List.of("-XX:+UsePerfData")))
                .doesNotContain("-XX:-UsePerfData");
    }

    @Test
    void theEnvironmentsOptions_areRead_withQuotesAndAll() {
        assertThat(
                        ToolOptions.of(
                                Map.of(
                                        "JAVA_TOOL_OPTIONS",
                                        " -XX:+UseG1GC  '-Da=b c' ",
                                        "JDK_JAVA_OPTIONS",
                                        "-Dd=\"e f\"",
                                        "OTHER",
                                        "-Dno=1")))
                .containsExactly("-XX:+UseG1GC", "-Da=b c", "-Dd=e f");
    }
}
