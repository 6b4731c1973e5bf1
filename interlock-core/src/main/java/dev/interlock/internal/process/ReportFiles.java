package dev.interlock.internal.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a child reports.
 *
 * @param first made by the parent, and empty
 * @param spare to be used if the first cannot be written; not made
 */
record ReportFiles(Path first, Path spare) {
    /** Makes a file that no other child has. */
    static ReportFiles create() throws IOException {
        String name = OwnedFile.newName(OwnedFile.REPORT);
        Path memory = PrivateDirectory.inMemory();
        Path disk = PrivateDirectory.onDisk();
        try {
            return new ReportFiles(OwnedFile.create(memory, name), disk.resolve(name));
        } catch (IOException e) {
            if (memory.equals(disk)) throw e;
            return new ReportFiles(OwnedFile.create(disk, name), disk.resolve(name));
        }
    }

    /** Both, or the one that they are. */
    List<Path> all() {
        return first.equals(spare) ? List.of(first) : List.of(first, spare);
    }
}
