package dev.interlock.examples.words;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zips, sound ones and others. */
final class Zips {
    private Zips() {}

    static Path write(Path zip, String... namesAndTexts) throws IOException {
        return write(zip, ZipEntry.DEFLATED, namesAndTexts);
    }

    static Path writeStored(Path zip, String... namesAndTexts) throws IOException {
        return write(zip, ZipEntry.STORED, namesAndTexts);
    }

    private static Path write(Path zip, int method, String... namesAndTexts) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                var sum = new CRC32();
                sum.update(content);
                var entry = new ZipEntry(namesAndTexts[i]);
                entry.setMethod(method);
                entry.setCrc(sum.getValue());
                entry.setSize(content.length);
                out.putNextEntry(entry);
                out.write(content);
            }
        }
        return zip;
    }

    static void truncate(Path file, long size) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(size);
        }
    }

    /** Replaces bytes in place; {@code to} is as long as {@code from}. */
    static void replace(Path file, String from, String to) throws IOException {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, content.replace(from, to), StandardCharsets.ISO_8859_1);
    }
}
