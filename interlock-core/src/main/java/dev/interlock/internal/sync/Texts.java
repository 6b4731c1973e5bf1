package dev.interlock.internal.sync;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in shared memory: its length in bytes, then as much UTF-8 as there is room for. */
final class Texts {
    private Texts() {}

    static void write(Words words, long at, int roomBytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, roomBytes - 8);
        for (int i = 0; i < length; i += 8) {
            long chunk = 0;
            for (int j = 0; j < 8 && i + j < length; j++) chunk |= (utf8[i + j] & 0xFFL) << (8 * j);
            words.putPlain(at + 8 + i, chunk);
        }
        words.put(at, length);
    }

    static String read(Words words, long at, int roomBytes) {
        int length = Math.clamp(words.get(at), 0, roomBytes - 8);
        byte[] utf8 = new byte[length + 8];
        for (int i = 0; i < length; i += 8) {
            long chunk = words.getPlain(at + 8 + i);
            for (int j = 0; j < 8; j++) utf8[i + j] = (byte) (chunk >>> (8 * j));
        }
        return new String(Arrays.copyOf(utf8, length), StandardCharsets.UTF_8);
    }
}
