package dev.interlock;

import java.time.Duration;

/**
 * What can be seen of a {@link SharedQueue} from outside, without disturbing anybody.
 *
 * @param capacity how many messages it holds at most
 * @param messages how many can be taken
 * @param leased how many somebody is reading: in a lease, or just now
 * @param undone how many are there or are not reported done, see {@link SharedQueue#taskDone()}
 * @param oldest the age of the message that would be taken first, to about ten milliseconds; zero if there is none
 * @param isClosed whether it was closed
 */
public record QueueStatistics(
        int capacity, int messages, int leased, long undone, Duration oldest, boolean isClosed) {}
