package dev.interlock;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Damage to a file. */
final class Bits {
    private Bits() {}

    /** Flips a bit, counted from the lowest of the byte at that offset. */
    static void flip(Path path, long at, int bit) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at + bit / 8);
            int old = file.read();
            file.seek(at + bit / 8);
            file.write(old ^ 1 << bit % 8);
        }
    }
}
