package dev.interlock;

import dev.interlock.internal.sync.PipeLayout;

/**
 * Two connected {@link Connection}s in shared memory, for a process and one that it starts, or for two threads: as Python's
 * {@code multiprocessing.Pipe}.
 *
 * <pre>{@code
 * try (Pipe pipe = Pipe.duplex()) {
 *     Connection there = pipe.second();
 *     ChildProcess<Void> child = ChildProcess.start(() -> there.send("hello"));
 *     there.close();                                 // the child has its own
 *     System.out.println(pipe.first().recv());
 *     child.join();
 * }
 * }</pre>
 *
 * <p><b>Sending an end.</b> A connection may be captured by a task, or sent through a queue or another pipe. It is a copy that arrives:
 * both hold the end, until each is closed, or its process dead. What is on its way holds it, too, as long as the process that sent it
 * lives; a task's does so until the child has it, or is dead. The end is closed for those at the other when nobody holds it any more,
 * so close what you do not need: a pipe whose other end you hold yourself never ends. A copy that arrives when its end was over by then is closed.
 *
 * <p><b>Death.</b> A process may be killed at any instruction. Nobody waits for the dead, and nobody receives a part of a message. A message
 * no larger than {@link PipeOptions#capacity} less 16 bytes is sent whole or not at all, and stays there until somebody has received
 * it. A larger one goes through in pieces: it is not received if its sender dies, or gives up by time or an interrupt; it is lost if its
 * receiver dies, while those before and after it are not. A receiver whose time is over or that is interrupted in the middle of one loses
 * nothing: the next to receive in that process goes on; if that is another process, the message is lost.
 *
 * <p>Several threads and processes may send at one end, and receive at the other. Messages of one sender come in its order. A sender that
 * is stopped, not dead, in the middle of a message holds up the others.
 *
 * <p>A pipe's memory stays with its region; make few, and use them for long.
 */
public final class Pipe implements AutoCloseable {
    private final Connection first;
    private final Connection second;

    private Pipe(Region region, PipeOptions options, boolean oneWay) {
        int capacity = PipeLayout.capacity(options.capacity());
        long payload =
                region.opened()
                        .heap()
                        .create(
                                Shapes.pipe(capacity, oneWay),
                                region.opened().pipeInitializer(capacity, oneWay));
        this.first = new PipeConnection(new PipeReference(region, payload, 0, options.codec()));
        this.second = new PipeConnection(new PipeReference(region, payload, 1, options.codec()));
    }

    /** A region for all pipes of this process that are made without one; it goes with the last process that uses it. */
    private static final class Own {
        static final Region REGION = Region.temporary();
    }

    /**
     * A pipe through which both ends send and receive, in memory of its own.
     *
     * @return the pipe
     */
    public static Pipe duplex() {
        return duplex(PipeOptions.defaults());
    }

    /**
     * A pipe through which both ends send and receive, in memory of its own.
     *
     * @param options how it behaves
     * @return the pipe
     */
    public static Pipe duplex(PipeOptions options) {
        return duplex(Own.REGION, options);
    }

    /**
     * A pipe through which both ends send and receive.
     *
     * @param region where it lies
     * @return the pipe
     */
    public static Pipe duplex(Region region) {
        return duplex(region, PipeOptions.defaults());
    }

    /**
     * A pipe through which both ends send and receive.
     *
     * @param region where it lies
     * @param options how it behaves
     * @return the pipe
     */
    public static Pipe duplex(Region region, PipeOptions options) {
        return new Pipe(region, options, false);
    }

    /**
     * A pipe through which the second end sends and the first receives, in memory of its own.
     *
     * @return the pipe
     */
    public static Pipe oneWay() {
        return oneWay(PipeOptions.defaults());
    }

    /**
     * A pipe through which the second end sends and the first receives, in memory of its own.
     *
     * @param options how it behaves
     * @return the pipe
     */
    public static Pipe oneWay(PipeOptions options) {
        return oneWay(Own.REGION, options);
    }

    /**
     * A pipe through which the second end sends and the first receives.
     *
     * @param region where it lies
     * @return the pipe
     */
    public static Pipe oneWay(Region region) {
        return oneWay(region, PipeOptions.defaults());
    }

    /**
     * A pipe through which the second end sends and the first receives.
     *
     * @param region where it lies
     * @param options how it behaves
     * @return the pipe
     */
    public static Pipe oneWay(Region region, PipeOptions options) {
        return new Pipe(region, options, true);
    }

    /**
     * One end; of a one-way pipe the one that receives.
     *
     * @return always the same connection
     */
    public Connection first() {
        return first;
    }

    /**
     * The other end; of a one-way pipe the one that sends.
     *
     * @return always the same connection
     */
    public Connection second() {
        return second;
    }

    /** Closes both connections, in this process. */
    @Override
    public void close() {
        first.close();
        second.close();
    }
}
