package dev.interlock;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * A wait that would never have ended: the thread would have waited for itself, or for others that wait for it, in
 * whatever processes. The lock that it asked for is not held; those that it owns it still owns, and should unlock now,
 * so that the others can go on.
 *
 * <p>It is thrown to one thread of the circle, the last to come, after it has waited for
 * {@link RegionOptions#deadlockAfterNanos}; a thread that acquires its lock anew after waiting for a condition is spared as
 * long as there are others. Only threads that wait without a time limit for a lock that another such thread
 * owns count, so what ends by itself is not reported. Permits, and locks that are held for reading, have no owner that
 * is known by its thread, and so are not seen. Nor is a circle through locks of several regions: each region is looked at
 * by itself.
 */
public final class DeadlockException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /** The threads of the circle, each waiting for the next one; an unmodifiable list that can be serialized. */
    @SuppressWarnings("serial") // the lists are made by List.of
    private final List<Participant> participants;

    /**
     * A thread that waits for the next one of the list, the last one for the first.
     *
     * @param pid its process, in that process's own pid namespace
     * @param processName the process's name
     * @param threadName the thread's name
     * @param owns the lock that the thread before it waits for
     * @param waitsFor the lock that the next thread owns
     * @param since when it began to wait
     * @param stack its frames, innermost first, as in a stack trace; empty if it did not tell in time
     */
    public record Participant(
            long pid,
            String processName,
            String threadName,
            String owns,
            String waitsFor,
            Instant since,
            List<String> stack)
            implements Serializable {
        /**
         * A thread of the circle.
         *
         * @param pid as above
         * @param processName as above
         * @param threadName as above
         * @param owns as above
         * @param waitsFor as above
         * @param since as above
         * @param stack as above; copied
         */
        public Participant {
            stack = List.copyOf(stack);
        }

        private String describe() {
            StringBuilder text =
                    new StringBuilder(
                            "thread '"
                                    + threadName
                                    + "' of pid "
                                    + pid
                                    + " ("
                                    + processName
                                    + ") owns "
                                    + owns
                                    + " and waits for "
                                    + waitsFor
                                    + " since "
                                    + since);
            for (String frame : stack) text.append("\n    at ").append(frame);
            if (stack.isEmpty()) text.append("\n    (its stack is not known)");
            return text.toString();
        }
    }

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public DeadlockException(String message) {
        this(message, List.of());
    }

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     * @param participants the threads that wait for each other, beginning with the one that gets this
     */
    public DeadlockException(String message, List<Participant> participants) {
        super(withParticipants(message, participants));
        this.participants = List.copyOf(participants);
    }

    private static String withParticipants(String message, List<Participant> participants) {
        StringBuilder text = new StringBuilder(message);
        for (Participant participant : participants)
            text.append("\n  ").append(participant.describe());
        return text.toString();
    }

    /**
     * The threads that wait for each other, beginning with the one that got this. The message has them, too.
     *
     * @return a description of each; empty if the thread would have waited for itself
     */
    public List<Participant> participants() {
        return participants;
    }
}
