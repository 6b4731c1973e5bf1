package dev.interlock.bench.worker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps a file as one would by hand, tells the time and how long that took, and ends. */
public final class MapFileMain {
    private MapFileMain() {}

    /**
     * Argument: the file.
     *
     * @throws IOException if it cannot be mapped
     */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        try (var file =
                FileChannel.open(
                        Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var memory = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
            memory.putInt(0, memory.getInt(0) + 1);
            long end = System.nanoTime();
            System.out.println(end + " " + (end - start));
        }
    }
}
