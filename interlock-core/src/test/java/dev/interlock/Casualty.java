package dev.interlock;

import java.io.IOException;
import java.nio.file.Path;

/** A program that ends with a lock in hand, and without closing the region. */
final class Casualty {
    static final String LOCK = "lock";

    private Casualty() {}

    /** Arguments: the directory and the name of the region. */
    public static void main(String[] arguments) {
        Region region =
                Region.open(
                        arguments[1], RegionOptions.defaults().directory(Path.of(arguments[0])));
        region.lock(LOCK).lock();
        Runtime.getRuntime().halt(0);
    }

    /** Runs it to its end. */
    static void happens(Path directory, String region) throws IOException, InterruptedException {
        try (JavaProgram program =
                JavaProgram.launch(
                        directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Casualty.class.getName(),
                        directory.toString(),
                        region)) {
            program.readAll();
        }
    }
}
