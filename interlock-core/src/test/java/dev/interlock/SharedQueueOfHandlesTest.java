package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handles of every kind are sent through a queue, and used by the process that takes them. */
class SharedQueueOfHandlesTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    record Pair(int left, int right) {}

    /** Uses what arrives until something else than a handle does. */
    private static void useAll(SharedQueue<Object> queue) throws Exception {
        while (use(queue.take())) queue.taskDone();
        queue.taskDone();
    }

    @SuppressWarnings("unchecked")
    private static boolean use(Object handle) throws Exception {
        switch (handle) {
            case SharedLong value -> value.set(42);
            case SharedInt value -> value.set(42);
            case SharedDouble value -> value.set(42);
            case SharedBoolean value -> value.set(true);
            case SharedByteArray array -> array.set(1, (byte) 42);
            case SharedShortArray array -> array.set(1, (short) 42);
            case SharedIntArray array -> array.set(1, 42);
            case SharedLongArray array -> array.set(1, 42);
            case SharedFloatArray array -> array.set(1, 42);
            case SharedDoubleArray array -> array.set(1, 42);
            case SharedRecord<?> record -> ((SharedRecord<Pair>) record).set(new Pair(4, 2));
            case SharedBlock block ->
                    block.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0, (byte) 42);
            case SharedLock lock -> lockAndUnlock(lock);
            case SharedReentrantLock lock -> lockAndUnlock(lock);
            case SharedReadWriteLock lock -> lockAndUnlock(lock.writeLock());
            case SharedCondition condition -> condition.hasWaiters();
            case SharedSemaphore semaphore -> semaphore.release();
            case SharedEvent event -> event.set();
            case SharedCountDownLatch latch -> latch.countDown();
            case SharedBarrier barrier -> barrier.await();
            case QueueRoom<?> room -> {
                WaitSet.any(room);
                ((SharedQueue<String>) room.queue()).put("room");
            }
            case SharedQueue<?> other -> ((SharedQueue<String>) other).put("from the child");
            case Region region -> region.intValue("made there", 42);
            default -> {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing comes in between
    private static void lockAndUnlock(java.util.concurrent.locks.Lock lock) {
        lock.lock();
        lock.unlock();
    }

    @Test
    void handles_areUsedWhereTheyArrive() throws Exception {
        try (Region region = Region.open("r", RegionOptions.defaults().directory(directory));
                Region other = Region.open("o", RegionOptions.defaults().directory(directory))) {
            SharedQueue<Object> queue = region.queue("q", QueueOptions.capacity(40));
            SharedLong number = other.longValue(0); // of a region that the child has not opened
            SharedInt small = region.intValue(0);
            SharedDouble real = region.doubleValue(0);
            SharedBoolean flag = region.booleanValue(false);
            SharedByteArray bytes = region.byteArray(2);
            SharedShortArray shorts = region.shortArray(2);
            SharedIntArray ints = region.intArray(2);
            SharedLongArray longs = region.longArray(2);
            SharedFloatArray floats = region.floatArray(2);
            SharedDoubleArray doubles = region.doubleArray(2);
            SharedRecord<Pair> pair = region.record("pair", Pair.class);
            SharedBlock block = region.block("block", 100);
            SharedLock lock = region.lock();
            SharedReentrantLock reentrant = region.reentrantLock();
            SharedReadWriteLock readWrite = region.readWriteLock();
            SharedCondition condition = reentrant.newCondition();
            SharedSemaphore semaphore = region.semaphore(0, SemaphoreOptions.unowned());
            SharedEvent event = region.event();
            SharedCountDownLatch latch = region.countDownLatch(1);
            SharedBarrier barrier = region.barrier(2);
            SharedQueue<String> answers = other.queue(QueueOptions.capacity(2));
            ChildProcess<Void> child = ChildProcess.start(() -> useAll(queue));
            Object[] all = {
                number,
                small,
                real,
                flag,
                bytes,
                shorts,
                ints,
                longs,
                floats,
                doubles,
                pair,
                block,
                lock,
                reentrant,
                readWrite,
                condition,
                semaphore,
                event,
                latch,
                barrier,
                answers,
                answers.room(),
                region
            };
            for (Object handle : all) queue.put(handle);
            queue.put("the end");
            barrier.await();
            queue.join();
            child.get();

            assertThat(number.get()).isEqualTo(42);
            assertThat(small.get()).isEqualTo(42);
            assertThat(real.get()).isEqualTo(42);
            assertThat(flag.get()).isTrue();
            assertThat(bytes.get(1)).isEqualTo((byte) 42);
            assertThat(shorts.get(1)).isEqualTo((short) 42);
            assertThat(ints.get(1)).isEqualTo(42);
            assertThat(longs.get(1)).isEqualTo(42);
            assertThat(floats.get(1)).isEqualTo(42);
            assertThat(doubles.get(1)).isEqualTo(42);
            assertThat(pair.get()).isEqualTo(new Pair(4, 2));
            assertThat(block.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) 42);
            assertThat(lock.isLocked()).isFalse();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(event.isSet()).isTrue();
            assertThat(latch.getCount()).isZero();
            assertThat(answers.take()).isEqualTo("from the child");
            assertThat(answers.take()).isEqualTo("room");
            assertThat(region.intValue("made there", 0).get()).isEqualTo(42);
        }
    }

    /** A child makes an object and sends its handle; the parent uses it, also when the child is gone. */
    @Test
    void handles_outliveWhoSentThem() throws Exception {
        try (Region region = Region.open("r", RegionOptions.defaults().directory(directory))) {
            SharedQueue<SharedQueue<String>> queues = region.queue("q", QueueOptions.capacity(4));
            ChildProcess.start(
                            () -> {
                                SharedQueue<String> made = region.queue(QueueOptions.capacity(3));
                                made.put("hello");
                                queues.put(made);
                            })
                    .get();
            SharedQueue<String> arrived = queues.take();
            assertThat(arrived.take()).isEqualTo("hello");
            assertThat(arrived.remainingCapacity()).isEqualTo(3);
        }
    }
}
