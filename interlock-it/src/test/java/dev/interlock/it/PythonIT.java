package dev.interlock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.SharedBlock;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program that knows nothing of us maps a block: Python with mmap and struct. */
class PythonIT {
    private static final String PROGRAM =
            """
            import mmap, struct, sys
            path, size = sys.argv[1], int(sys.argv[2])
            with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
                number, real, text = struct.unpack_from("<qd5s", memory, 0)
                struct.pack_into("<qd5s", memory, 64, 2 * number, real / 2, text[::-1])
                memory[size - 1] = 77
            print(number, real, text.decode())
            """;

    @RegisterExtension final Stage stage = new Stage();

    @Test
    void pythonReadsAndWritesABlock() throws Exception {
        assumeTrue(hasPython(), "there is no python3");
        try (Region region = stage.open("r")) {
            SharedBlock block = region.block("b", 10_000);
            var memory = block.segment();
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1L << 40);
            memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8, -2.5);
            for (int i = 0; i < 5; i++)
                memory.set(ValueLayout.JAVA_BYTE, 16 + i, (byte) "hello".charAt(i));

            assertThat(run(block)).isEqualTo((1L << 40) + " -2.5 hello\n");
            assertThat(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 64)).isEqualTo(2L << 40);
            assertThat(memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 72)).isEqualTo(-1.25);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 80)).isEqualTo((byte) 'o');
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 9_999)).isEqualTo((byte) 77);
            region.unlink();
        }
    }

    private static String run(SharedBlock block) throws Exception {
        Process python =
                new ProcessBuilder(
                                List.of(
                                        "python3",
                                        "-c",
                                        PROGRAM,
                                        block.path().toString(),
                                        Long.toString(block.size())))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor()).as(output).isZero();
        return output;
    }

    static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
