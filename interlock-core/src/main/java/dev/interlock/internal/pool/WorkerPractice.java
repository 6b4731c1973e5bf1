package dev.interlock.internal.pool;

import dev.interlock.Region;
import dev.interlock.internal.process.Control;
import dev.interlock.internal.process.Practice;
import dev.interlock.internal.process.Values;
import dev.interlock.internal.process.WireInput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
            arrive(region);
            LikelyLoader.begin("");
            Class.forName(Control.class.getName());
            Board board = Board.in(region);
            byte[] message = TaskMessage.of(Practice.call());
            TaskMessage.address(message, TICKET, SLOT);
            board.queue(SLOT, TICKET);
            board.tasks.put(message);
            PoolWorker.practise(region, board);
            byte[] _ = board.reports.take();
            byte[] _ = board.reports.take();
            var _ = board.tasks.pollLease(Duration.ofMillis(1));
        } catch (IOException | InterruptedException | ReflectiveOperationException e) {
            // it will fail again when it is needed, and be told then
        }
    }

    /* As the arguments of a worker's task arrive. What arrived is an opening of its own, and nobody else's to close. */
    private static void arrive(Region region) throws IOException, ReflectiveOperationException {
        var bytes = new ByteArrayOutputStream();
        Values.write(new DataOutputStream(bytes), region, null, 1);
        @Nullable Object[] arrived =
                Values.read(
                        WireInput.of(bytes.toByteArray(), 0), ClassLoader.getSystemClassLoader());
        Method[] _ = PoolWorker.class.getDeclaredMethods();
        if (arrived[0] instanceof Region second) second.close();
    }
}
