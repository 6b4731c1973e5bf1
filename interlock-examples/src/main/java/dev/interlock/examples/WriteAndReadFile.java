package dev.interlock.examples;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** One process writes a file slowly, another reads it, under one lock: no reader ever sees a half-written file. */
public final class WriteAndReadFile {
    private static final int LINES = 100;

    private WriteAndReadFile() {}

    static void write(String file, SharedLock lock) throws IOException, InterruptedException {
        for (int round = 1; round <= 5; round++) {
            try (var _ = lock.acquire();
                    var out = Files.newBufferedWriter(Path.of(file))) {
                for (int line = 0; line < LINES; line++) {
                    out.write("round " + round + "\n");
                    out.flush(); // so far and no further, to who does not wait for the lock
                    Thread.sleep(1);
                }
            }
            Thread.sleep(50);
        }
    }

    static void read(String file, SharedLock lock) throws IOException, InterruptedException {
        for (int i = 1; i <= 8; i++) {
            List<String> lines;
            try (var _ = lock.acquire()) {
                lines = Files.readAllLines(Path.of(file));
            }
            if (lines.size() != LINES || Set.copyOf(lines).size() != 1) {
                throw new IllegalStateException("half written: " + lines);
            }
            System.out.println("read " + i + ": 100 lines, all of " + lines.getFirst());
            Thread.sleep(50);
        }
    }

    public static void main(String[] args) throws Exception {
        Path file = Files.createTempFile("interlock-example", ".txt");
        String name = file.toString();
        Files.writeString(file, "round 0\n".repeat(LINES));
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock();
            var writer = ChildProcess.start(() -> write(name, lock));
            var reader = ChildProcess.start(() -> read(name, lock));
            writer.get();
            reader.get();
        } finally {
            Files.delete(file);
        }
    }
}
