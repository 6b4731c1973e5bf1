package dev.interlock.bench;

/** What the parties are called in the tables. */
final class Peers {
    static final String MUTEX = "C pthread mutex";
    static final String ROBUST_MUTEX = "C pthread robust mutex";
    static final String FUTEX = "C raw futex";
    static final String ATOMIC_ADD = "C atomic add";
    static final String MEMCPY = "C memcpy";
    static final String REENTRANT_LOCK = "ReentrantLock (threads)";
    static final String ATOMIC_LONG = "AtomicLong (threads)";
    static final String FILE_LOCK = "FileLock";
    static final String ARRAY_COPY = "System.arraycopy (heap)";
    static final String PYTHON_LOCK = "Python Lock";
    static final String PYTHON_VALUE = "Python Value, locked";
    static final String PYTHON_MEMORY = "Python shared_memory";

    private Peers() {}
}
