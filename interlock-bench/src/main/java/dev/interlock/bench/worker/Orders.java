package dev.interlock.bench.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A worker's end of the conversation with its driver. A thread of its own reads, so that the worker ends with its driver, also in the
 * middle of a measurement.
 */
final class Orders {
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    private Orders() {
        Thread.ofPlatform().name("bench-orders").daemon().start(this::read);
    }

    /** Begins to read standard input. */
    static Orders fromStandardInput() {
        return new Orders();
    }

    private void read() {
        try (var in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) queue.add(line);
        } catch (IOException e) {
            System.err.println("orders ended: " + e);
        }
        Runtime.getRuntime().halt(0); // not exit(): nothing of a worker is worth a wait
    }

    /** The next order, split at blanks. */
    String[] next() throws InterruptedException {
        return queue.take().split(" ", -1);
    }

    /** Answers with numbers. */
    static void answer(long... numbers) {
        System.out.println(
                LongStream.of(numbers).mapToObj(Long::toString).collect(Collectors.joining(" ")));
        System.out.flush();
    }
}
