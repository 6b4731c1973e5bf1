package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.worker.RateWorker;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Messages from one JVM to another as fast as they can. */
final class Queues implements Benchmark {
    @Override
    public String name() {
        return "queue";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        return List.of(rate(lab, 8), rate(lab, 128));
    }

    private Result rate(Lab lab, int bytes) throws Exception {
        try (var region = Region.temporary();
                var slices = new Senders(lab, region, Kind.SLICES, bytes, 1);
                var arrays = new Senders(lab, region, Kind.SHARED_ARRAYS, bytes, 1);
                var agrona = new Senders(lab, region, Kind.AGRONA, bytes, 1)) {
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, slices::rate)
                            .withOne("put take", arrays::rate)
                            .withOne(Peers.AGRONA, agrona::rate)
                            .warmUp()
                            .warmUp()
                            .run(lab.effort().rounds());
            return Result.of(
                            name(),
                            "messages of " + bytes + " bytes from one JVM to another",
                            Unit.PER_SECOND,
                            rounds.series())
                    .withTargets(Target.ratio(Peers.AGRONA, 1))
                    .withNotes(lab.twoCpus().text());
        }
    }

    /** As many parties that send as that receive, each in a JVM of its own unless the transport is for threads. */
    private static final class Senders implements AutoCloseable {
        private final Duration time;
        private final List<Worker> workers = new ArrayList<>();

        Senders(Lab lab, Region region, Kind kind, int bytes, int pairs)
                throws IOException, InterruptedException {
            time = lab.effort().contended();
            SharedQueue<byte[]> queue =
                    region.queue(
                            QueueOptions.capacity(1024).messageBytes(bytes),
                            Codec.byteArrays());
            var stage = new Kind.Stage(List.of(queue), lab.directory().toString(), bytes);
            List<String> parties = new ArrayList<>();
            for (int party = 0; party < 2 * pairs; party++) parties.add(String.valueOf(party));
            if (kind.isOfThreads()) parties = List.of(String.join(",", parties));
            for (String some : parties)
                workers.add(
                        Worker.start(
                                RateWorker.class, kind.jvmOptions(), stage, kind.name(), some));
            for (Worker worker : workers)
                worker.ask("pin " + lab.twoCpus().first() + " " + lab.twoCpus().second());
        }

        double[] rate() throws IOException, InterruptedException {
            for (Worker worker : workers) worker.tell("run " + time.toMillis());
            List<Double> answers = new ArrayList<>();
            for (Worker worker : workers)
                for (double number : worker.answer()) answers.add(number);
            double start = Double.MAX_VALUE;
            double end = 0;
            double sum = 0;
            double count = 0;
            for (int i = 0; i < answers.size(); i += 6) {
                start = Math.min(start, answers.get(i));
                end = Math.max(end, answers.get(i + 3));
                count += answers.get(i + 4);
                sum += answers.get(i + 2) - answers.get(i + 5);
            }
            if (sum != 0) throw new IOException("messages were lost, or came twice");
            return new double[] {count / (end - start) * 1e9};
        }

        @Override
        public void close() throws IOException {
            for (Worker worker : workers) worker.close();
        }
    }
}
