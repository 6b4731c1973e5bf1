package dev.interlock.bench.peer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The peers' sources, which are part of this program. */
final class Resources {
    private Resources() {}

    static Path copy(String name, Path directory) throws IOException {
        Path target = directory.resolve(name);
        try (var in = Resources.class.getResourceAsStream(name)) {
            if (in == null) throw new FileNotFoundException("resource " + name);
            Files.copy(in, target);
        }
        return target;
    }
}
