package dev.interlock.internal.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Looks now and then how much memory this process has, the heap and all else. */
final class Residence {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:"; // then a number, and kB

    private final long limitBytes; // 0 for none
    private long nextLook = System.nanoTime();

    Residence(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Whether it has more than it may. Looks at most twenty times a second. */
    boolean isTooLarge() {
        if (limitBytes == 0) return false;
        long now = System.nanoTime();
        if (now < nextLook) return false;
        nextLook = now + PERIOD_NANOS;
        return residentBytes() > limitBytes;
    }

    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
                if (line.startsWith(RESIDENT))
                    return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        } catch (IOException | NumberFormatException e) {
            // no /proc: the limit of the heap is all there is
        }
        return 0;
    }
}
