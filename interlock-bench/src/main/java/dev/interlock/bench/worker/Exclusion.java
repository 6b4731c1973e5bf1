package dev.interlock.bench.worker;

import dev.interlock.SharedLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A lock of any kind. A JVM that measures uses one kind only, so that the calls are inlined. */
interface Exclusion {
    void enter() throws IOException;

    void leave() throws IOException;

    static Exclusion of(SharedLock lock) {
        return new Exclusion() {
            @Override
            public void enter() {
                lock.lock();
            }

            @Override
            public void leave() {
                lock.unlock();
            }
        };
    }

    static Exclusion of(Lock lock) {
        return new Exclusion() {
            @Override
            public void enter() {
                lock.lock();
            }

            @Override
            public void leave() {
                lock.unlock();
            }
        };
    }

    /** A lock on one byte of a file, for one thread of each process. */
    static Exclusion of(FileChannel file, long position) {
        return new Exclusion() {
            private @Nullable FileLock held;

            @Override
            public void enter() throws IOException {
                held = file.lock(position, 1, false);
            }

            @Override
            public void leave() throws IOException {
                if (held != null) held.release();
            }
        };
    }
}
