package dev.interlock.bench;

import dev.interlock.bench.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets the parties measure in turns, A B C A B C and so on, so that what the machine does besides meets all of them alike. A party
 * that fails has no further turns and no samples: its failure is what the table shows.
 */
final class Rounds {
    private final List<Party> parties = new ArrayList<>();
    private int warmUps;

    /** One turn. */
    interface Turn {
        /**
         * Measures.
         *
         * @return for each metric the samples of this turn
         */
        double[][] measure() throws Exception;
    }

    /** One turn that gives any number of samples of one metric. */
    interface Samples {
        double[] measure() throws Exception;
    }

    private static final class Party {
        private final String who;
        private final Turn turn;
        private final List<List<Double>> samples = new ArrayList<>(); // by metric
        private @Nullable String failure;

        private Party(String who, Turn turn) {
            this.who = who;
            this.turn = turn;
        }

        private void play(boolean counts) throws InterruptedException {
            if (failure != null) return;
            try {
                double[][] measured = turn.measure();
                if (counts) add(measured);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failure = Objects.requireNonNullElse(e.getMessage(), e.toString());
                samples.clear();
            }
        }

        private void add(double[][] measured) {
            while (samples.size() < measured.length) samples.add(new ArrayList<>());
            for (int metric = 0; metric < measured.length; metric++) {
                for (double sample : measured[metric]) samples.get(metric).add(sample);
            }
        }

        private Series series(int metric) {
            if (failure != null) return Series.missing(who, failure);
            return metric < samples.size()
                    ? new Series(who, samples.get(metric), null)
                    : Series.missing(who, "not measured");
        }
    }

    /** Adds a party with any number of metrics. */
    Rounds with(String who, Turn turn) {
        parties.add(new Party(who, turn));
        return this;
    }

    /** Adds a party with one metric. */
    Rounds withOne(String who, Samples turn) {
        return with(who, () -> new double[][] {turn.measure()});
    }

    /** Will give everybody so many turns that do not count, before the others; not if there is but one round, which only shows that all runs. */
    Rounds warmUps(int turns) {
        warmUps = turns;
        return this;
    }

    /** Gives everybody so many turns. */
    Rounds run(int rounds) throws InterruptedException {
        if (rounds > 1) play(warmUps, false);
        play(rounds, true);
        return this;
    }

    private void play(int rounds, boolean counts) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            for (Party party : parties) party.play(counts);
        }
    }

    /** What was measured of one metric. */
    List<Series> series(int metric) {
        return parties.stream().map(party -> party.series(metric)).toList();
    }

    /** What was measured, if there is but one metric. */
    List<Series> series() {
        return series(0);
    }
}
