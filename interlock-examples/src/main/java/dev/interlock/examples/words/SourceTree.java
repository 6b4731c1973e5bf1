package dev.interlock.examples.words;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The regular files below a directory. Symbolic links inside the tree are not followed, so a loop of them does no harm and no file
 * counts twice; pipes and devices are left out.
 */
final class SourceTree implements Corpus {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String>
            files; // URIs: unlike path strings they keep names that are not valid text

    private SourceTree(List<String> files) {
        this.files = new ArrayList<>(files);
    }

    static SourceTree of(Path directory) throws UnusableInputException {
        var lister = new Lister();
        try {
            Files.walkFileTree(directory.toRealPath(), lister);
        } catch (FileSystemException e) {
            throw UnusableInputException.cannotRead(
                    Objects.requireNonNullElse(e.getFile(), directory.toString()), e);
        } catch (IOException e) {
            throw UnusableInputException.cannotRead(directory.toString(), e);
        }
        Collections.sort(lister.files); // every run reads in the same order
        return new SourceTree(lister.files);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Opened open() {
        return new OpenTree(files);
    }

    private record OpenTree(List<String> files) implements Opened {
        @Override
        public InputStream read(int index) throws IOException {
            return Files.newInputStream(pathOf(index));
        }

        @Override
        public String nameOf(int index) {
            return pathOf(index).toString();
        }

        private Path pathOf(int index) {
            return Path.of(URI.create(files.get(index)));
        }

        @Override
        public void close() {}
    }

    private static final class Lister extends SimpleFileVisitor<Path> {
        private final ArrayList<String> files = new ArrayList<>();

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (attributes.isRegularFile()) {
                requireReadable(file); // better now than when half of the tree is counted
                files.add(file.toUri().toString());
            }
            return FileVisitResult.CONTINUE;
        }

        private static void requireReadable(Path file) throws IOException {
            if (!Files.isReadable(file)) {
                throw new AccessDeniedException(file.toString());
            }
        }
    }
}
