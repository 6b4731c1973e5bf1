package dev.interlock;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lock whose memory names a process that is not there: nobody would ever release it, so who waits is told. */
@Timeout(60)
class DamagedLockTest {
    private static final int HEAP_LOCK = 128; // in the file
    private static final int NOBODYS = 36; // a process slot

    // In the memory of a read-write lock and of a semaphore.
    private static final int GATE = 128;
    private static final int USED = 192;
    private static final int READERS = 256;
    private static final int LEDGERS = 128;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region open() {
        return Region.open("r", RegionOptions.defaults().directory(directory));
    }

    private void flip(long at, int bit) throws IOException {
        Bits.flip(directory.resolve("r"), at, bit);
    }

    private static long at(Object lock) {
        return ((SharedObject) lock).handle.payload();
    }

    private static void assertTold(ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOf(RegionCorruptException.class)
                .hasMessageContaining(what);
    }

    @Test
    void ofTheMemory_whoMakesAnObjectIsTold_andWhatIsThereCanBeRead() throws IOException {
        try (Region region = open()) {
            region.longValue("v", 1);
        }
        flip(HEAP_LOCK, 5);

        try (Region region = open()) {
            assertThat(region.longValue("v", 0).get()).isEqualTo(1);
            assertTold(() -> region.longValue("w", 1), "owned by process slot 31, which is free");
            region.unlink();
        }
    }

    /** All that are taken by one word. */
    enum Kind {
        USUAL {
            @Override
            Lock make(Region region) {
                return region.lock("l");
            }
        },
        FAIR {
            @Override
            Lock make(Region region) {
                return region.lock("l", LockOptions.fair());
            }
        },
        REENTRANT {
            @Override
            Lock make(Region region) {
                return region.reentrantLock("l");
            }
        },
        WRITE {
            @Override
            Lock make(Region region) {
                return region.readWriteLock("l").writeLock();
            }
        };

        abstract Lock make(Region region);
    }

    /** Each bit of the half that tells of the owner, but the one that names the process of this test. */
    @ParameterizedTest
    @EnumSource
    void anyBit_isToldToWhoeverWantsTheLock_orDoesNotMatter(Kind kind) throws Exception {
        for (int bit = 1; bit < 32; bit++) {
            try (Region region = open()) {
                Lock lock = kind.make(region);
                flip(at(lock), bit);

                if (bit < 25) {
                    String what = "'l' is owned by";
                    assertTold(lock::lock, what);
                    assertTold(lock::lockInterruptibly, what);
                    assertTold(() -> lock.tryLock(50, MILLISECONDS), what);
                    assertTold(lock::tryLock, what);
                    flip(at(lock), bit);
                }
                assertThat(lock.tryLock(10_000, MILLISECONDS)).as("bit " + bit).isTrue();
                lock.unlock();
                region.unlink();
            }
        }
    }

    @Test
    void closedGate_isToldToTheWriter_andOpened() throws Exception {
        try (Region region = open()) {
            SharedReadWriteLock lock = region.readWriteLock("l");
            flip(at(lock) + GATE, 0);

            assertThat(lock.readLock().tryLock(10_000, MILLISECONDS)).isTrue();
            lock.readLock().unlock();
            assertTold(
                    lock.writeLock()::lock,
                    "SharedReadWriteLock 'l' is closed to readers, and nobody writes");
            assertThat(lock.writeLock().tryLock()).isTrue();
            assertThat(lock.readLock().tryLock()).isTrue();
            lock.readLock().unlock();
            lock.writeLock().unlock();
            region.unlink();
        }
    }

    @Test
    void readersWithoutAProcess_areToldToTheWriter() throws IOException {
        try (Region region = open()) {
            SharedReadWriteLock lock = region.readWriteLock("l");
            flip(at(lock) + USED, NOBODYS);
            flip(at(lock) + READERS + NOBODYS * 64, 0);

            String what = "SharedReadWriteLock 'l' is read by process slot 36, which is free";
            assertTold(lock.writeLock()::lock, what);
            assertTold(() -> lock.writeLock().tryLock(50, MILLISECONDS), what);
            assertTold(lock.writeLock()::tryLock, what);
            assertThat(lock.readLock().tryLock()).isTrue();
            lock.readLock().unlock();
            region.unlink();
        }
    }

    @Test
    void permitsWithoutAProcess_areToldToWhoWantsThem() throws IOException {
        try (Region region = open()) {
            SharedSemaphore semaphore = region.semaphore("s", 1);
            flip(at(semaphore) + LEDGERS + NOBODYS * 8, 32);
            semaphore.acquireUninterruptibly();

            String what = "SharedSemaphore 's' has permits with process slot 36, which is free";
            assertTold(semaphore::acquire, what);
            assertTold(() -> semaphore.tryAcquire(50, MILLISECONDS), what);
            assertTold(semaphore::tryAcquire, what);
            semaphore.release();
            assertThat(semaphore.tryAcquire()).isTrue();
            region.unlink();
        }
    }
}
