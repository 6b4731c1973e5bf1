package dev.interlock.internal.os;

import dev.interlock.internal.os.Syscalls.Call;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * Files     A mapping may be let go if its pages can only be what the file says: private or shared, not writable, and the kernel counts no anonymous
 *           page in it. What the dynamic linker relocated, or a debugger changed, counts as anonymous; to drop that would be to lose it.
 *           Dropped pages stay in the page cache and come back at the next touch, without reading the file again: sixteen at a time, or as
 *           many as the kernel keeps in one piece, up to two megabytes. So it is told not to map these by one large entry.
 * Heap      The C library keeps what the JVM's compilers have freed; malloc_trim(3) gives it back.
 * Itself    Reads /proc/self/smaps, some 150 KB, by the byte: what a reader of lines leaves behind would be more than is given back of some
 *           mappings.
 */
/** How much memory this process holds. */
public final class Footprint {
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;
    private static final int LONGEST_LINE = 8192; // a path has 4096 bytes at most
    private static final byte[] ANONYMOUS = "Anonymous:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = " 0 kB".getBytes(StandardCharsets.US_ASCII);

    private Footprint() {}

    /**
     * Gives back what is not needed now. For a process that has done much that it will not do again: half of what it holds then is code
     * and archives that it needed once.
     */
    public static void shrink() {
        if (!Syscalls.isReady()) return;
        Syscalls.trimHeap();
        try (InputStream maps = new FileInputStream("/proc/self/smaps")) {
            releaseFiles(maps);
        } catch (IOException | NumberFormatException e) {
            // no such file here, or another format: nothing is let go
        }
    }

    private static void releaseFiles(InputStream maps) throws IOException {
        Lines lines = new Lines(maps);
        String mapping = "";
        while (lines.next()) {
            if (!lines.isAboutMapping()) mapping = lines.text();
            else if (lines.isNoneAnonymous()) release(mapping);
        }
    }

    private static void release(String mapping) {
        int dash = mapping.indexOf('-');
        int blank = mapping.indexOf(' ');
        String permissions = mapping.substring(blank + 1, blank + 5);
        if (permissions.charAt(1) == 'w' || mapping.indexOf('/') < 0) return;
        long from = Long.parseUnsignedLong(mapping, 0, dash, 16);
        long to = Long.parseUnsignedLong(mapping, dash + 1, blank, 16);
        Syscalls.call(Call.MADVISE, from, to - from, MADV_NOHUGEPAGE, 0, 0, 0);
        Syscalls.call(Call.MADVISE, from, to - from, MADV_DONTNEED, 0, 0, 0);
    }

    /* As in "7f5c8000-7f5c9000 r-xp 00000000 08:01 1234   /lib/libjvm.so", and below it lines that begin with a capital letter. */
    private static final class Lines {
        private final InputStream in;
        private final byte[] read = new byte[8192];
        private int length;
        private int at;
        private final byte[] line = new byte[LONGEST_LINE];
        private int lineLength;

        Lines(InputStream in) {
            this.in = in;
        }

        boolean next() throws IOException {
            for (lineLength = 0; ; at++) {
                if (at >= length && !fill()) return false;
                if (read[at] == '\n') break;
                if (lineLength < line.length) line[lineLength++] = read[at];
            }
            at++;
            return true;
        }

        private boolean fill() throws IOException {
            at = 0;
            length = in.read(read);
            return length > 0;
        }

        boolean isAboutMapping() {
            return line[0] >= 'A' && line[0] <= 'Z';
        }

        boolean isNoneAnonymous() {
            return startsWith(ANONYMOUS) && endsWith(NONE);
        }

        private boolean startsWith(byte[] text) {
            return lineLength >= text.length
                    && Arrays.equals(line, 0, text.length, text, 0, text.length);
        }

        private boolean endsWith(byte[] text) {
            int from = lineLength - text.length;
            return from >= 0 && Arrays.equals(line, from, lineLength, text, 0, text.length);
        }

        String text() {
            return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        }
    }
}
