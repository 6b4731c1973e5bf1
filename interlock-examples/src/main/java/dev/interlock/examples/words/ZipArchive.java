package dev.interlock.examples.words;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files of a zip. Every process opens the zip for itself; its directory gives all of them the same order. */
final class ZipArchive implements Corpus {
    private static final long serialVersionUID = 1L;

    private final URI zip;
    private final int size;

    private ZipArchive(URI zip, int size) {
        this.zip = zip;
        this.size = size;
    }

    static ZipArchive of(Path path) throws UnusableInputException {
        try (var opened = OpenZip.at(path)) {
            return new ZipArchive(path.toUri(), opened.files.size());
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Opened open() throws UnusableInputException {
        return OpenZip.at(Path.of(zip));
    }

    private record OpenZip(ZipFile zip, List<? extends ZipEntry> files) implements Opened {
        static OpenZip at(Path path) throws UnusableInputException {
            try {
                // As Latin-1, any bytes are a name; entries that say their name is UTF-8 are read
                // as that all the same.
                var zip = new ZipFile(path.toFile(), StandardCharsets.ISO_8859_1);
                return new OpenZip(
                        zip, zip.stream().filter(entry -> !entry.isDirectory()).toList());
            } catch (ZipException e) {
                throw new UnusableInputException(
                        "'"
                                + path
                                + "' is not a sound zip file: "
                                + e.getMessage()
                                + ". Give a directory or a zip file.");
            } catch (IOException e) {
                throw UnusableInputException.cannotRead(path.toString(), e);
            }
        }

        @Override
        public InputStream read(int index) throws IOException {
            ZipEntry entry = files.get(index);
            return new ChecksummedStream(zip.getInputStream(entry), entry.getCrc());
        }

        @Override
        public String nameOf(int index) {
            return zip.getName() + "!/" + files.get(index).getName();
        }

        @Override
        public void close() {
            try {
                zip.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
