package dev.interlock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The signals that this JVM was started to ignore, as a shell does to control-C with what runs in its background. Its children ignore them, too. */
final class IgnoredSignals {
    /** What control-C sends. */
    static final int INT = 2;

    private static final String LABEL = "SigIgn:";

    private IgnoredSignals() {}

    static boolean has(int signal) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (!line.startsWith(LABEL)) continue;
            long ignored = Long.parseUnsignedLong(line.substring(LABEL.length()).strip(), 16);
            return (ignored & 1L << (signal - 1)) != 0;
        }
        return false;
    }
}
