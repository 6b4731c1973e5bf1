package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFlagsTest {
    private static final long ORDINARY_HEAP = 6L << 30;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dname=value",
                "-ea",
                "-ea:dev.interlock...",
                "-esa",
                "-Xmx512m",
                "-Xms8m",
                "-Xss1m",
                "-Xlog:gc",
                "-XX:+UseG1GC",
                "-XX:TieredStopAtLevel=1",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:-UsePerfData"
            })
    void whatEveryCacheFits_isLeftOut(String option) {
        assertThat(CacheFlags.of(List.of(option), ORDINARY_HEAP)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--enable-preview",
                "-Xmx64g",
                "-XX:+UseZGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:ObjectAlignmentInBytes=16"
            })
    void whatNeedsACacheOfItsOwn_isPartOfTheKey_once(String option) {
        assertThat(CacheFlags.of(List.of(option, "-Da=b", option), ORDINARY_HEAP))
                .containsExactly(option);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-javaagent:agent.jar",
                "-agentlib:jdwp=transport=dt_socket",
                "-agentpath:/lib/agent.so",
                "-Xrunjdwp:transport=dt_socket",
                "-Xdebug",
                "-Xshare:off",
                "-XX:SharedArchiveFile=a.jsa",
                "-XX:AOTMode=off",
                "-XX:AOTCache=a.aot",
                "-Djava.system.class.loader=my.Loader",
                "-cp",
                "@options",
                "--patch-module=java.base=classes",
                "-Xbootclasspath/a:a.jar"
            })
    void agents_debuggers_archives_andWhatIsUnknown_switchTheCacheOff(String option) {
        assertThat(CacheFlags.of(List.of("-ea", option), ORDINARY_HEAP)).isNull();
    }

    @Test
    void aSmallHeap_isAKeyOfItsOwn_onlyWhereTheDefaultIsLarge() {
        assertThat(CacheFlags.of(List.of("-Xmx1g"), ORDINARY_HEAP)).isEmpty();
        assertThat(CacheFlags.of(List.of("-Xmx1g"), 64L << 30)).containsExactly("-Xmx4g");
        assertThat(CacheFlags.of(List.of(), 64L << 30)).isEmpty();
    }
}
