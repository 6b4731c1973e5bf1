package dev.interlock.examples.hash;

import dev.interlock.PoolMapOptions;
import dev.interlock.ProcessPool;
import dev.interlock.ProgressBar;
import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and compresses files in a pool of processes. Each worker opens them once, by its initializer; the items of the map are no
 * more than their numbers.
 */
public final class HashFiles {
    private static Corpus.@Nullable Opened opened; // of a worker; written by its initializer

    private HashFiles() {}

    /**
     * Hashes and compresses in the workers of a pool.
     *
     * @param corpus the files
     * @param count how many of them, from the first
     * @param processes how many workers
     * @return what was found, in the order of the files
     * @throws UnusableInputException if a file cannot be read
     * @throws ExecutionException if a worker fails in another way, or dies
     */
    public static List<FileHash> withPool(Corpus corpus, int count, int processes)
            throws UnusableInputException, ExecutionException {
        PoolMapOptions options = PoolMapOptions.defaults().onProgress(ProgressBar.of("hashing"));
        try (ProcessPool pool = pool(corpus, processes);
                Stream<FileHash> hashes =
                        pool.map(HashFiles::hashOpened, numbers(count), options)) {
            return hashes.toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UnusableInputException unusable) throw unusable;
            throw new ExecutionException(e.getCause());
        }
    }

    private static ProcessPool pool(Corpus corpus, int processes) {
        return ProcessPool.builder()
                .name("hash")
                .workers(processes)
                .initializer(() -> opened = corpus.open())
                .start();
    }

    /* A list, not a stream, so that the progress bar knows how many there are. */
    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /**
     * Hashes and compresses in the calling thread.
     *
     * @param corpus the files
     * @param count how many of them, from the first
     * @return what was found, in the order of the files
     * @throws UnusableInputException if a file cannot be read
     */
    public static List<FileHash> inThisThread(Corpus corpus, int count)
            throws UnusableInputException {
        List<FileHash> hashes = new ArrayList<>(count);
        try (var files = corpus.open()) {
            for (int i = 0; i < count; i++) hashes.add(hash(files, i));
        }
        return hashes;
    }

    private static FileHash hashOpened(int index) throws UnusableInputException {
        if (opened == null) throw new IllegalStateException("The initializer did not run");
        return hash(opened, index);
    }

    private static FileHash hash(Corpus.Opened files, int index) throws UnusableInputException {
        MessageDigest digest = sha256();
        CountingStream compressed = new CountingStream();
        try (InputStream in = files.read(index);
                OutputStream deflater = new DeflaterOutputStream(compressed);
                OutputStream out = new DigestOutputStream(deflater, digest)) {
            long bytes = in.transferTo(out);
            out.close();
            return new FileHash(
                    HexFormat.of().formatHex(digest.digest()), bytes, compressed.count());
        } catch (IOException e) {
            throw UnusableInputException.cannotRead(files.nameOf(index), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    public static void main(String[] args) throws Exception {
        Corpus corpus = Corpus.of(Path.of(args[0]));
        withPool(corpus, corpus.size(), 4).forEach(System.out::println);
    }
}
