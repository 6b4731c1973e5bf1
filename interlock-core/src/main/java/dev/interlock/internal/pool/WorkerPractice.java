package dev.interlock.internal.pool;

import dev.interlock.Region;
import dev.interlock.internal.process.Practice;
import java.io.IOException;
import java.time.Duration;

/*
 * One task, given, taken, run and reported, all by this process; and one wait in vain. So a worker finds the classes of all that in the
 * cache, and a spare that becomes a worker has loaded them.
 */
/** What a JVM does that is to be a worker of a pool later. Found by its name. */
public final class WorkerPractice implements Runnable {
    private static final int SLOT = 0;
    private static final int TICKET = 1;

    /** As it is found. */
    public WorkerPractice() {}

    @Override
    public void run() {
        try (Region region = Region.temporary()) {
            Board board = Board.in(region);
            byte[] message = TaskMessage.of(Practice.call());
            TaskMessage.address(message, TICKET, SLOT);
            board.queue(SLOT, TICKET);
            board.tasks.put(message);
            PoolWorker.practise(region, board);
            byte[] _ = board.reports.take();
            var _ = board.tasks.pollLease(Duration.ofMillis(1));
        } catch (IOException | InterruptedException e) {
            // it will fail again when it is needed, and be told then
        }
    }
}
