package dev.interlock;

/**
 * What a thread can wait for together with others, see {@link WaitSet}: an event is ready while it is set, a latch at
 * zero, a semaphore while it has a permit, a queue while a message can be taken or none will come any more, its {@link SharedQueue#room()}
 * while a message can be put or the queue is closed, a process when it has ended, a connection when a message is there or none will come
 * any more, a listener when a client is there.
 */
public sealed interface Waitable
        permits ChildProcess,
                Connection,
                Listener,
                PoolFuture,
                QueueRoom,
                SharedCountDownLatch,
                SharedEvent,
                SharedQueue,
                SharedSemaphore {}
