package dev.interlock.examples.words;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files to count, numbered from 0 so that processes can share them out with a counter. It may travel to other processes. */
public sealed interface Corpus extends Serializable permits SourceTree, ZipArchive {
    /**
     * Lists the files of a source tree or a zip.
     *
     * @param path a directory or a zip file
     * @return its files
     * @throws UnusableInputException if there is nothing there, or it cannot be read, or it is neither of both
     */
    static Corpus of(Path path) throws UnusableInputException {
        if (Files.isDirectory(path)) {
            return SourceTree.of(path);
        }
        if (!Files.exists(path)) {
            throw new UnusableInputException(
                    "'" + path + "' does not exist. Give a directory or a zip file.");
        }
        if (!Files.isRegularFile(path)) {
            throw new UnusableInputException(
                    "'" + path + "' is neither a directory nor a zip file.");
        }
        return ZipArchive.of(path);
    }

    /** {@return the number of files} */
    int size();

    /**
     * Makes the files readable in this process.
     *
     * @return the open corpus
     * @throws UnusableInputException if the source has become unreadable
     */
    Opened open() throws UnusableInputException;

    /** A corpus that is open in this process. */
    interface Opened extends AutoCloseable {
        /**
         * Opens one file for reading.
         *
         * @param index which file, from 0
         * @return its content; reading to the end fails if it is damaged
         * @throws IOException if it cannot be read
         */
        InputStream read(int index) throws IOException;

        /**
         * The name of one file, for messages.
         *
         * @param index which file, from 0
         * @return its name
         */
        String nameOf(int index);

        @Override
        void close();
    }
}
