package dev.interlock;

import java.time.Duration;
import java.util.List;

/**
 * What can be seen of a {@link SharedQueue} from outside, without disturbing anybody. Rates are those between two looks: keep one, and
 * ask a later one {@link #putRate} or {@link #takeRate} since that.
 *
 * @param capacity how many messages it holds at most
 * @param messages how many can be taken
 * @param leased how many somebody is reading: in a lease, or just now
 * @param undone how many are there or are not reported done, see {@link SharedQueue#taskDone()}
 * @param oldest the age of the message that would be taken first, to about ten milliseconds; zero if there is none
 * @param put how many were put since the queue was made; what was given up, or begun by a process that died, counts as well
 * @param taken how many of these are gone again
 * @param atNanos when this look was taken, on the clock of {@link System#nanoTime()}, which all processes of a machine share
 * @param processes what each process does with the queue, without those that do nothing
 * @param isClosed whether it was closed
 */
public record QueueStatistics(
        int capacity,
        int messages,
        int leased,
        long undone,
        Duration oldest,
        long put,
        long taken,
        long atNanos,
        List<QueueUser> processes,
        boolean isClosed) {
    /**
     * Copies the list.
     */
    public QueueStatistics {
        processes = List.copyOf(processes);
    }

    /**
     * How many messages were put in a second, between an earlier look and this one.
     *
     * @param earlier a look at the same queue, by whatever process
     * @return the rate; 0 if no time has passed
     */
    public double putRate(QueueStatistics earlier) {
        return rate(put - earlier.put, earlier);
    }

    /**
     * How many messages were taken for good in a second, between an earlier look and this one.
     *
     * @param earlier a look at the same queue, by whatever process
     * @return the rate; 0 if no time has passed
     */
    public double takeRate(QueueStatistics earlier) {
        return rate(taken - earlier.taken, earlier);
    }

    private double rate(long count, QueueStatistics earlier) {
        long nanos = atNanos - earlier.atNanos;
        return nanos <= 0 ? 0 : count * 1e9 / nanos;
    }
}
