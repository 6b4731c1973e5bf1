package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PassedOptionsTest {
    @Test
    void propertiesModulesAndAssertions_arePassedOn() {
        List<String> options =
                List.of(
                        "-Dcolour=red",
                        "-ea:com.acme...",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-modules=java.sql",
                        "--enable-preview",
                        "-Xbootclasspath/a:/opt/x.jar");
        assertThat(PassedOptions.of(options)).isEqualTo(options);
    }

    @Test
    void portsAgentsAndHeapSizes_areNot() {
        assertThat(
                        PassedOptions.of(
                                List.of(
                                        "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                                        "-javaagent:/opt/agent.jar",
                                        "-Dcom.sun.management.jmxremote.port=9010",
                                        "-Xmx1g",
                                        "-Xms1g",
                                        "-XX:+UseSerialGC",
                                        "-XX:StartFlightRecording",
                                        "-Xlog:gc:file=gc.log",
                                        "-Dinterlock.process.name=Process-1")))
                .isEmpty();
    }
}
