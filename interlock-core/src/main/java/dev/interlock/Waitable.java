package dev.interlock;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * What a thread can wait for together with others, see {@link WaitSet}: an event is ready while it is set, a latch at
 * zero, a semaphore while it has a permit, a queue while a message can be taken or none will come any more, its {@link SharedQueue#room()}
 * while a message can be put or the queue is closed, a process or a task of a pool when it has ended, a connection when a message is there or
 * none will come any more, a listener when a client is there.
 */
public sealed interface Waitable
        permits ChildProcess,
                Connection,
                FutureEnd,
                Listener,
                PoolFuture,
                QueueRoom,
                SharedCountDownLatch,
                SharedEvent,
                SharedQueue,
                SharedSemaphore {
    /**
     * Makes any future one of the things to wait for: it is ready when it is done, with a result, a failure or by cancellation. A
     * {@link CompletableFuture} tells that by itself; while somebody waits for one of another kind, a virtual thread waits for it.
     *
     * @param future the future
     * @return what to give to {@link WaitSet}; equal to others of the same future
     */
    static Waitable of(Future<?> future) {
        Objects.requireNonNull(future, "future");
        return future instanceof Waitable waitable ? waitable : new FutureEnd(future);
    }
}
