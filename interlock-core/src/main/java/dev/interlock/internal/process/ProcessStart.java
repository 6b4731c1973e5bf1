package dev.interlock.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** When a process started. Together with its pid this names a process for good, while a pid alone is used again. */
final class ProcessStart {
    static final long NONE = -1;

    private static final long THIS = of(ProcessHandle.current().pid());
    private static final String NAMESPACE = readNamespace();

    private ProcessStart() {}

    static long ofThisProcess() {
        return THIS;
    }

    /** Names the world in which this process's pids are valid. */
    static String namespace() {
        return NAMESPACE;
    }

    /** A number that grows with the time of start; {@link #NONE} if there is no such process. */
    static long of(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String text = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1);
            // proc(5): field 2 is the program's name in parentheses and may hold anything; field 22
            // is the start time
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[22 - 3]);
        } catch (IOException e) {
            return Files.exists(Path.of("/proc/self/stat")) ? NONE : fromHandle(pid);
        }
    }

    private static long fromHandle(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(java.time.Instant::toEpochMilli)
                .orElse(NONE);
    }

    /* The link reads pid:[4026531836]. */
    private static String readNamespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return link.substring(link.indexOf('[') + 1, link.indexOf(']'));
        } catch (IOException | UnsupportedOperationException e) {
            return "0";
        }
    }
}
