package dev.interlock.bench;

/** What the parties are called in the tables. */
final class Peers {
    static final String PLAIN_LOCK = "interlock, plain lock";
    static final String UNOWNED = "interlock, unowned";
    static final String ONE_PROCESS = "interlock, one process";
    static final String MUTEX = "C pthread mutex";
    static final String ROBUST_MUTEX = "C pthread robust mutex";
    static final String RECURSIVE_MUTEX = "C pthread recursive mutex";
    static final String SEM_T = "C sem_t";
    static final String RWLOCK = "C pthread_rwlock";
    static final String RWLOCK_ONE_PROCESS = "C pthread_rwlock, one process";
    static final String C_BARRIER = "C pthread_barrier";
    static final String C_CONDITION = "C pthread_cond";
    static final String FUTEX = "C raw futex";
    static final String ATOMIC_ADD = "C atomic add";
    static final String MEMCPY = "C memcpy";
    static final String REENTRANT_LOCK = "ReentrantLock (threads)";
    static final String SEMAPHORE = "Semaphore (threads)";
    static final String READ_WRITE_LOCK = "ReentrantReadWriteLock (threads)";
    static final String CYCLIC_BARRIER = "CyclicBarrier (threads)";
    static final String CONDITION = "Condition (threads)";
    static final String LATCH = "CountDownLatch (threads)";
    static final String ATOMIC_LONG = "AtomicLong (threads)";
    static final String FILE_LOCK = "FileLock";
    static final String ARRAY_COPY = "System.arraycopy (heap)";
    static final String PYTHON_LOCK = "Python Lock";
    static final String PYTHON_RLOCK = "Python RLock";
    static final String PYTHON_SEMAPHORE = "Python Semaphore";
    static final String PYTHON_BARRIER = "Python Barrier";
    static final String PYTHON_CONDITION = "Python Condition";
    static final String PYTHON_EVENT = "Python Event";
    static final String PYTHON_VALUE = "Python Value, locked";
    static final String PYTHON_MEMORY = "Python shared_memory";

    static final String AGRONA = "Agrona ManyToOneRingBuffer";
    static final String AERON = "Aeron IPC";
    static final String CHRONICLE = "Chronicle Queue";
    static final String IN_PLACE = "interlock, in place";
    static final String ONE_TO_ONE = "interlock, one to one";
    static final String C_RING = "C ring (Vyukov)";
    static final String ARRAY_BLOCKING_QUEUE = "ArrayBlockingQueue (threads)";
    static final String PYTHON_QUEUE = "Python Queue";
    static final String PYTHON_PIPE = "Python Pipe";
    static final String PYTHON_DUPLEX_PIPE = "Python Pipe, duplex";

    static final String PYTHON_SPAWN_POOL = "Python Pool, spawn";
    static final String PYTHON_FORKSERVER_POOL = "Python Pool, forkserver";
    static final String PYTHON_EXECUTOR = "Python ProcessPoolExecutor";
    static final String PYTHON_POOL = "Python Pool";

    private Peers() {}
}
