package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A read-write lock in a region of its own, and ways to wait for it: what all its contracts are tried on. */
@ExtendWith(Crew.Dismissal.class)
abstract class ReadWriteLockContract {
    static final Duration LONG = Duration.ofMinutes(10); // longer than any test may take
    static final Duration SHORT = Duration.ofMillis(30);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    RegionOptions here;
    Region region;
    SharedReadWriteLock lock;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory).maxBytes(4 << 20);
        region = Region.open("contract", here);
        lock = region.readWriteLock("l");
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** The two locks. */
    enum Part {
        READ,
        WRITE;

        ReadWritePart of(SharedReadWriteLock lock) {
            return this == READ ? lock.readLock() : lock.writeLock();
        }
    }

    interface Call extends Serializable {
        void on(ReadWritePart lock) throws InterruptedException;
    }

    /** Ways to wait for a lock. */
    @SuppressWarnings("ImmutableEnumChecker") // its calls capture nothing
    enum Way {
        LOCK(ReadWritePart::lock),
        ACQUIRE(ReadWritePart::acquire),
        LOCK_INTERRUPTIBLY(ReadWritePart::lockInterruptibly),
        TRY_LOCK(lock -> assertThat(lock.tryLock(LONG)).isTrue()),
        TRY_LOCK_OF_JAVA(lock -> assertThat(lock.tryLock(600, TimeUnit.SECONDS)).isTrue());

        final Call call;

        Way(Call call) {
            this.call = call;
        }

        boolean minds(boolean interrupts) {
            return interrupts == (this != LOCK && this != ACQUIRE);
        }
    }

    /* Begins to wait, and returns when it is seen to. */
    Crew.Promise<@Nullable Void> waiting(Crew.Actor actor, Action action) {
        int before = lock.getQueueLength();
        Crew.Promise<@Nullable Void> promise = actor.begin(action);
        Watchdog.await("it waits", () -> lock.getQueueLength() > before || promise.isDone());
        assertThat(promise.isDone()).as("ended before it had to wait").isFalse();
        return promise;
    }

    static Task<Boolean> tries(SharedReadWriteLock lock, Part part) {
        return () -> {
            boolean taken = part.of(lock).tryLock();
            if (taken) part.of(lock).unlock();
            return taken;
        };
    }

    /* By the calling thread, of the two only that one. */
    void requireHeld(Part part, boolean held) {
        assertThat(lock.getReadLockCount()).isEqualTo(held && part == Part.READ ? 1 : 0);
        assertThat(lock.getReadHoldCount()).isEqualTo(held && part == Part.READ ? 1 : 0);
        assertThat(lock.isWriteLocked()).isEqualTo(held && part == Part.WRITE);
        assertThat(lock.isWriteLockedByCurrentThread()).isEqualTo(held && part == Part.WRITE);
        assertThat(lock.getWriteHoldCount()).isEqualTo(held && part == Part.WRITE ? 1 : 0);
    }
}
