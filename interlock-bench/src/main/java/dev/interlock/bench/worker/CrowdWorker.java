package dev.interlock.bench.worker;

import dev.interlock.SharedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many threads that wait for one event.
 *
 * <p>Orders: {@code wait} answers with an empty line when all threads are about to wait, and with the time at which the last one was
 * awake; {@code latch} has them wait for a latch of this JVM, opens it when they sleep, and answers with the time this took.
 */
public final class CrowdWorker {
    private static final long ASLEEP_MILLIS = 20;

    private CrowdWorker() {}

    private interface Wait {
        void await() throws Exception;
    }

    /**
     * Arguments: the event, how many threads.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var event = Arguments.decode(arguments[0], SharedEvent.class);
        int sleepers = Integer.parseInt(arguments[1]);
        var threads =
                Executors.newFixedThreadPool(sleepers, Thread.ofPlatform().daemon().factory());
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            if (orders.next()[0].equals("latch")) {
                Orders.answer(awaitLatch(threads, sleepers));
            } else {
                List<Future<Long>> waiting = sendToSleep(threads, sleepers, event::await);
                Orders.answer();
                Orders.answer(last(waiting));
            }
        }
    }

    private static long awaitLatch(ExecutorService threads, int sleepers) throws Exception {
        var latch = new CountDownLatch(1);
        List<Future<Long>> waiting = sendToSleep(threads, sleepers, latch::await);
        Thread.sleep(ASLEEP_MILLIS);
        long start = System.nanoTime();
        latch.countDown();
        return last(waiting) - start;
    }

    private static List<Future<Long>> sendToSleep(ExecutorService threads, int sleepers, Wait wait)
            throws InterruptedException {
        var arrived = new CountDownLatch(sleepers);
        List<Future<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < sleepers; i++) {
            waiting.add(
                    threads.submit(() -> {
                        arrived.countDown();
                        wait.await();
                        return System.nanoTime();
                    }));
        }
        arrived.await();
        return waiting;
    }

    private static long last(List<Future<Long>> waiting) throws Exception {
        long last = Long.MIN_VALUE;
        for (Future<Long> one : waiting) last = Math.max(last, one.get());
        return last;
    }
}
