package dev.interlock.examples.thumbnails;

import dev.interlock.PoolMapOptions;
import dev.interlock.ProcessPool;
import dev.interlock.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A folder of pictures, made on the spot, and thumbnails of them by a pool of processes. Closing it removes the folder. */
public final class Thumbnails implements AutoCloseable {
    private final Path folder;
    private final List<String> pictures; // file names; a path would not be serializable
    private final ProcessPool pool;

    private Thumbnails(Path folder, List<String> pictures, ProcessPool pool) {
        this.folder = folder;
        this.pictures = pictures;
        this.pool = pool;
    }

    /**
     * Starts a pool, and has it draw the pictures.
     *
     * @param count how many
     * @param processes how many workers
     * @return the pictures
     * @throws IOException if there is no room for them
     * @throws ExecutionException if a worker fails or dies
     */
    public static Thumbnails draw(int count, int processes) throws IOException, ExecutionException {
        Path folder = Files.createTempDirectory("interlock-thumbnails");
        List<String> pictures =
                IntStream.range(0, count)
                        .mapToObj(number -> folder.resolve("picture-" + number + ".png").toString())
                        .toList();
        removeAtExit(folder, pictures);
        var thumbnails =
                new Thumbnails(
                        folder,
                        pictures,
                        ProcessPool.builder()
                                .name("thumbnails")
                                .workers(processes)
                                .jvmOptions("-Djava.awt.headless=true")
                                .start());
        try {
            thumbnails.drawAll();
            return thumbnails;
        } catch (Throwable e) {
            thumbnails.close();
            throw e;
        }
    }

    /* For those who press control-C. What is named last is removed first. */
    private static void removeAtExit(Path folder, List<String> pictures) {
        folder.toFile().deleteOnExit();
        for (String picture : pictures) Path.of(picture).toFile().deleteOnExit();
    }

    private void drawAll() throws ExecutionException {
        List<Drawing> drawings = new ArrayList<>();
        for (String picture : pictures) drawings.add(new Drawing(picture, drawings.size()));
        PoolMapOptions options = PoolMapOptions.defaults().onProgress(ProgressBar.of("drawing"));
        try (Stream<Integer> drawn = pool.starmap(Thumbnails::drawOne, drawings, options)) {
            requireAll(drawn.toList());
        } catch (CompletionException e) {
            throw new ExecutionException(e.getCause());
        }
    }

    private record Drawing(String file, Integer number) {}

    private static int drawOne(String file, int number) throws IOException {
        Pictures.draw(Path.of(file), number);
        return number;
    }

    private void requireAll(List<?> results) {
        if (results.size() != pictures.size())
            throw new IllegalStateException(
                    results.size() + " results of " + pictures.size() + " pictures");
    }

    /**
     * Makes the thumbnails in the workers of the pool.
     *
     * @return the bytes of the PNG files, in the order of the pictures
     * @throws ExecutionException if a worker fails or dies
     */
    public List<byte[]> withPool() throws ExecutionException {
        PoolMapOptions options = PoolMapOptions.defaults().onProgress(ProgressBar.of("thumbnails"));
        try (Stream<byte[]> thumbnails = pool.map(Thumbnails::makeOne, pictures, options)) {
            return thumbnails.toList();
        } catch (CompletionException e) {
            throw new ExecutionException(e.getCause());
        }
    }

    /**
     * Makes the thumbnails in the calling thread.
     *
     * @return the bytes of the PNG files, in the order of the pictures
     * @throws IOException if a picture cannot be read
     */
    public List<byte[]> inThisThread() throws IOException {
        List<byte[]> thumbnails = new ArrayList<>();
        for (String picture : pictures) thumbnails.add(makeOne(picture));
        return thumbnails;
    }

    private static byte[] makeOne(String picture) throws IOException {
        return Pictures.thumbnail(Path.of(picture));
    }

    /** {@return where the pictures lie} */
    public Path folder() {
        return folder;
    }

    /** Ends the pool and removes the pictures. */
    @Override
    public void close() throws IOException {
        pool.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    public static void main(String[] args) throws Exception {
        try (var thumbnails = draw(10, 4)) {
            System.out.println(thumbnails.withPool().size() + " thumbnails");
        }
    }
}
