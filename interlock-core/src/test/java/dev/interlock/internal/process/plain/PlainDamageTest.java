package dev.interlock.internal.process.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams with wrong bytes: what is read of them is what Java serialization reads, and what is thrown as well. */
@Timeout(120)
class PlainDamageTest {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final int ROUNDS_EACH = 1_000;
    private static final int LONGEST = 1_000;

    @Test
    void damagedStreams_areReadAsByJavaSerialization_orNotAtAll() throws Exception {
        System.out.println("damaged plain objects: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        int read = 0;
        for (Object object : Samples.plain()) {
            byte[] sound = PlainObjectsTest.known(object);
            if (sound.length > LONGEST) continue;
            for (int round = 0; round < ROUNDS_EACH; round++)
                if (isRead(damaged(sound, random))) read++;
        }
        assertThat(read).as("streams that could be read").isPositive();
    }

    private static byte[] damaged(byte[] sound, Random random) {
        byte[] damaged = sound.clone();
        int values = sound.length / 2; // most of what is before them decides whether we try at all
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int from = random.nextInt(4) == 0 ? 1 : values;
            damaged[random.nextInt(from, damaged.length)] = odd(random);
        }
        return damaged;
    }

    /* Often a code of the stream, or a small number. */
    private static byte odd(Random random) {
        return (byte)
                switch (random.nextInt(3)) {
                    case 0 -> 0x70 + random.nextInt(16);
                    case 1 -> random.nextInt(16);
                    default -> random.nextInt(256);
                };
    }

    private static boolean isRead(byte[] damaged) throws Exception {
        Object ours = null;
        IOException problem = null;
        try {
            ours = PlainObjectsTest.read(damaged);
        } catch (IOException e) {
            problem = e;
        }
        if (ours != null) requireSame(damaged, ours);
        if (problem != null) requireSame(damaged, problem);
        return ours != null;
    }

    private static void requireSame(byte[] damaged, Object ours) throws Exception {
        @Nullable Object theirs = PlainObjectsTest.deserialized(damaged, null);
        if (ours.equals(theirs) && ours.getClass() == theirs.getClass()) return;
        assertThat(ours).as(HexFormat.of().formatHex(damaged)).isEqualTo(theirs);
    }

    private static void requireSame(byte[] damaged, IOException ours) {
        Throwable theirs = catchThrowable(() -> PlainObjectsTest.deserialized(damaged, null));
        assertThat(ours)
                .as(HexFormat.of().formatHex(damaged))
                .hasSameClassAs(theirs)
                .hasMessage(theirs.getMessage());
    }
}
