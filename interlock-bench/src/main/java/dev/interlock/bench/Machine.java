package dev.interlock.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the figures depend on besides us. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private static final Path LOAD = Path.of("/proc/loadavg"); // others who run spoil the figures

    private Machine() {}

    /** By label. */
    static Map<String, String> describe(Lab lab) throws InterruptedException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("CPU", field(CPU_INFO, "model name", System.getProperty("os.arch")));
        machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put(
                "memory",
                String.format(
                        Locale.ROOT,
                        "%.1f GB, %.1f GB of it available",
                        kilobytes("MemTotal") / 1e6,
                        kilobytes("MemAvailable") / 1e6));
        machine.put("huge pages", firstLine(HUGE_PAGES));
        machine.put("load before", firstLine(LOAD));
        machine.put(
                "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put(
                "JDK",
                System.getProperty("java.vm.name")
                        + " "
                        + System.getProperty("java.runtime.version"));
        machine.put("C compiler", lab.c().compiler());
        machine.put("Python", lab.python().version());
        machine.put("interlock", version());
        return machine;
    }

    /** How much memory a new process can use without swapping anything out. */
    static long availableBytes() {
        return (long) (kilobytes("MemAvailable") * 1024);
    }

    private static double kilobytes(String field) {
        return Double.parseDouble(field(MEMORY_INFO, field, "0").replace("kB", "").strip());
    }

    private static String field(Path file, String name, String otherwise) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise; // not Linux
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String version() {
        String version = dev.interlock.Region.class.getPackage().getImplementationVersion();
        return version == null ? "not from a jar" : version;
    }
}
