package dev.interlock.internal.os;

import dev.interlock.internal.os.Syscalls.Call;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/*
 * Files     A mapping may be let go if its pages can only be what the file says: private or shared, not writable, and the kernel counts no anonymous
 *           page in it. What the dynamic linker relocated, or a debugger changed, counts as anonymous; to drop that would be to lose it.
 *           Dropped pages stay in the page cache and come back at the next touch, sixteen at a time and without reading the file again.
 * Heap      The C library keeps what the JVM's compilers have freed; malloc_trim(3) gives it back.
 */
/** How much memory this process holds. */
public final class Footprint {
    private static final int MADV_DONTNEED = 4;

    private Footprint() {}

    /**
     * Gives back what is not needed now. For a process that has done much that it will not do again: half of what it holds then is code
     * and archives that it needed once.
     */
    public static void shrink() {
        if (!Syscalls.isReady()) return;
        Syscalls.trimHeap();
        releaseFiles();
    }

    private static void releaseFiles() {
        try (BufferedReader maps =
                new BufferedReader(
                        new FileReader("/proc/self/smaps", StandardCharsets.ISO_8859_1))) {
            String mapping = "";
            for (String line; (line = maps.readLine()) != null; ) {
                if (isMapping(line)) mapping = line;
                else if (line.startsWith("Anonymous:") && isZero(line)) release(mapping);
            }
        } catch (IOException | NumberFormatException e) {
            // no such file here, or another format: nothing is let go
        }
    }

    /* As in "7f5c8000-7f5c9000 r-xp 00000000 08:01 1234   /lib/libjvm.so"; the lines below it begin with a word and a colon. */
    private static boolean isMapping(String line) {
        int blank = line.indexOf(' ');
        return blank > 0 && line.lastIndexOf('-', blank) > 0 && line.charAt(blank - 1) != ':';
    }

    private static boolean isZero(String line) {
        return line.substring("Anonymous:".length()).strip().equals("0 kB");
    }

    private static void release(String mapping) {
        int dash = mapping.indexOf('-');
        int blank = mapping.indexOf(' ');
        String permissions = mapping.substring(blank + 1, blank + 5);
        if (permissions.charAt(1) == 'w' || mapping.indexOf('/') < 0) return;
        long from = Long.parseUnsignedLong(mapping, 0, dash, 16);
        long to = Long.parseUnsignedLong(mapping, dash + 1, blank, 16);
        Syscalls.call(Call.MADVISE, from, to - from, MADV_DONTNEED, 0, 0, 0);
    }
}
