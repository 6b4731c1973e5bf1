package dev.interlock.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class OutputPumpTest {
    private final List<String> writes = new ArrayList<>();

    private final OutputPump.Target out =
            (lines, length) -> writes.add(new String(lines, 0, length, UTF_8));

    @Test
    void lines_areWrittenWhole_howeverTheyArrive() {
        pump("", "he", "llo\nwor", "ld\n", "a\nb\nc");
        assertThat(writes).containsExactly("hello\n", "world\n", "a\nb\n", "c");
    }

    @Test
    void anUnfinishedLastLine_isWrittenAsItIs() {
        pump("", "prompt> ");
        assertThat(writes).containsExactly("prompt> ");
    }

    @Test
    void aPrefix_standsBeforeEachLine() {
        pump("[x] ", "a\nb", "\n\nend");
        assertThat(String.join("", writes)).isEqualTo("[x] a\n[x] b\n[x] \n[x] end");
    }

    @Test
    void aVeryLongLine_isWrittenInPieces() {
        String half = "x".repeat(OutputPump.MAX_LINE);
        pump("", half, half, "\n");
        assertThat(String.join("", writes)).isEqualTo(half + half + "\n");
        assertThat(writes).hasSize(3);
    }

    @Test
    void bytesThatAreNoText_areNotChanged() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) all[i] = (byte) i;
        new OutputPump(
                        new java.io.ByteArrayInputStream(all),
                        (lines, length) -> bytes.write(lines, 0, length),
                        new byte[0],
                        null)
                .run();
        assertThat(bytes.toByteArray()).isEqualTo(all);
    }

    private void pump(String prefix, String... chunks) {
        new OutputPump(new Chunks(chunks), out, prefix.getBytes(UTF_8), null).run();
    }

    /** Gives its chunks one by one, as a pipe does. */
    private static final class Chunks extends InputStream {
        private final Queue<byte[]> chunks = new ArrayDeque<>();

        Chunks(String... texts) {
            for (String text : texts) chunks.add(text.getBytes(UTF_8));
        }

        @Override
        public int read() {
            throw new AssertionError("byte by byte");
        }

        @Override
        public int read(byte[] into, int at, int length) {
            byte[] chunk = chunks.poll();
            if (chunk == null) return -1;
            int n = Math.min(length, chunk.length);
            System.arraycopy(chunk, 0, into, at, n);
            if (n < chunk.length) {
                Queue<byte[]> rest = new ArrayDeque<>(chunks);
                chunks.clear();
                chunks.add(Arrays.copyOfRange(chunk, n, chunk.length));
                chunks.addAll(rest);
            }
            return n;
        }
    }
}
