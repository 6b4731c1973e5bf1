package dev.interlock.bench;

import dev.interlock.Region;
import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.worker.Placement;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parties that send each other messages, each in a JVM of its own unless the transport is for threads. They stay from round to round,
 * so that all is compiled after the first.
 */
final class Messengers implements AutoCloseable {
    private static final int NUMBERS = 3; // of a party's answer: when, how many, their sum

    private final List<Worker> workers = new ArrayList<>();

    /**
     * Starts them.
     *
     * @param main what they are
     * @param parties how many
     */
    Messengers(
            Lab lab,
            Region region,
            Class<?> main,
            Kind kind,
            int bytes,
            int parties,
            Placement placement)
            throws IOException, InterruptedException {
        var directory = Files.createTempDirectory(lab.directory(), kind.name());
        var stage = Kind.Stage.in(region, directory, bytes);
        List<String> numbers = IntStream.range(0, parties).mapToObj(String::valueOf).toList();
        for (String some : kind.isOfThreads() ? List.of(String.join(",", numbers)) : numbers)
            workers.add(Worker.start(main, kind.jvmOptions(), stage, kind.name(), some));
        for (Worker worker : workers)
            worker.ask("pin " + placement.first() + " " + placement.second());
    }

    /** How many messages in a second, of parties that do nothing else for that time. */
    double[] rate(long millis) throws IOException, InterruptedException {
        double[] answers = ask("run " + millis);
        double start = Double.MAX_VALUE;
        double end = 0;
        double count = 0;
        double lost = 0;
        double lostSum = 0;
        for (int sent = 0; sent < answers.length; sent += 2 * NUMBERS) {
            int received = sent + NUMBERS;
            start = Math.min(start, answers[sent]);
            end = Math.max(end, answers[received]);
            count += answers[received + 1];
            lost += answers[sent + 1] - answers[received + 1];
            lostSum += answers[sent + 2] - answers[received + 2];
        }
        if (lost != 0 || lostSum != 0)
            throw new IOException("messages were lost or came twice: " + lost + ", " + lostSum);
        return new double[] {count / (end - start) * 1e9};
    }

    /** The answers of all to an order, one after the other. */
    double[] ask(String order) throws IOException, InterruptedException {
        for (Worker worker : workers) worker.tell(order);
        double[] answers = {};
        for (Worker worker : workers) {
            double[] more = worker.answer();
            int before = answers.length;
            answers = Arrays.copyOf(answers, before + more.length);
            System.arraycopy(more, 0, answers, before, more.length);
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        for (Worker worker : workers) worker.close();
    }
}
