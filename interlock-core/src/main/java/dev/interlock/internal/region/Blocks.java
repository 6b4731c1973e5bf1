package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Blocks: objects whose bytes lie in a file of their own, named after the region and the object's offset.
 *
 * <p>The file is made under the heap lock before the object that describes it is committed. A creator that dies leaves
 * a file for an offset at which there is no object; the next to take the heap lock removes it.
 */
final class Blocks {
    private Blocks() {}

    /*
     * With the region's token: a region that was unlinked and another one that took its name must not share block
     * files.
     */
    static Path file(RegionFile region, long payload) {
        String name =
                region.path().getFileName()
                        + "~block-"
                        + Long.toHexString(region.token())
                        + "-"
                        + payload;
        return region.path().resolveSibling(name);
    }

    static void create(Mapping mapping, RegionFile region, long payload, long bytes) {
        long used = mapping.get(Layout.OFFSET_BLOCK_BYTES);
        long left = region.limit() - mapping.get(Layout.OFFSET_ALLOCATED) - used;
        if (bytes > left) throw Errors.limit(region.path(), bytes, left, region.limit());
        Path path = file(region, payload);
        try {
            // Nobody would remove the file of a block in a region that was itself removed.
            if (!region.path().toFile().exists())
                throw Errors.notFound(region.path(), "it was unlinked");
            KillPoints.step();
            Files.deleteIfExists(path);
            Directory.createFile(path, region.permissions());
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                KillPoints.step();
                Files.setPosixFilePermissions(path, Files.getPosixFilePermissions(region.path()));
                KillPoints.step();
                RegionFile.writeZeros(path, file, 0, bytes);
            }
        } catch (IOException e) {
            path.toFile().delete();
            throw Errors.device(path, bytes, e);
        } catch (RuntimeException e) {
            path.toFile().delete();
            throw e;
        }
        mapping.put(Layout.OFFSET_BLOCK_BYTES, used + bytes);
    }

    /** Removes the file of a block whose creator died before it was an object. */
    static void discard(RegionFile region, long payload) {
        File file = file(region, payload).toFile();
        if (!file.exists()) return;
        KillPoints.step();
        file.delete();
    }

    private static boolean hasItsName(RegionFile region) {
        try (RegionFile named = RegionFile.open(region.path(), region.permissions())) {
            return named.token() == region.token();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    static MemorySegment map(Mapping mapping, RegionFile region, long payload, long bytes) {
        Path path = file(region, payload);
        // Opening a file for writing makes it if it is absent.
        if (!path.toFile().exists()) {
            if (hasItsName(region)) throw Errors.blockGone(region.path(), path);
            throw Errors.notFound(region.path(), "it was unlinked, and its blocks with it");
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            if (file.length() != bytes)
                throw Errors.corrupt(
                        path, "it has " + file.length() + " bytes instead of " + bytes);
            return mapping.mapWith(path, file, bytes);
        } catch (IOException e) {
            throw Errors.io(path, "open", e);
        }
    }
}
