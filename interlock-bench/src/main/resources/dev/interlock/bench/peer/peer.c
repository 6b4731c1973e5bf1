/*
 * What Interlock is compared with, in C: the same work on pthread mutexes and their kin, a raw futex, an atomic add and memcpy; in
 * signals.c barriers, conditions and a crowd that sleeps, in queue.c a ring of messages. Bench.java compiles them with the machine's compiler, runs them with one
 * of the names at the end of this file, and reads the numbers they print, which are nanoseconds unless said otherwise. Times are CLOCK_MONOTONIC, which is also the clock of Java's System.nanoTime().
 */
#include "peer.h"

#define MAX_HANDOFFS 100000

/* ---- All kinds of lock behind one pair of functions that the compiler can inline. ---- */

enum kind { NORMAL, ROBUST, RECURSIVE, FUTEX, SEMAPHORE, READ, ADD };

struct lock {
    pthread_mutex_t mutex;
    _Alignas(LINE) sem_t semaphore;
    _Alignas(LINE) pthread_rwlock_t readers;
    _Alignas(LINE) atomic_uint word; /* 0 free, 1 held, 2 held and somebody may sleep: Drepper's mutex2 */
};

static void init(struct lock *lock, enum kind kind) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (kind == ROBUST) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (kind == RECURSIVE) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    if (pthread_mutex_init(&lock->mutex, &attributes) != 0) fail("pthread_mutex_init");
    if (sem_init(&lock->semaphore, 1, 1) != 0) fail("sem_init");
    pthread_rwlockattr_t readers;
    pthread_rwlockattr_init(&readers);
    pthread_rwlockattr_setpshared(&readers, PTHREAD_PROCESS_SHARED);
    if (pthread_rwlock_init(&lock->readers, &readers) != 0) fail("pthread_rwlock_init");
    atomic_store(&lock->word, 0);
}

static inline void acquire(struct lock *lock, enum kind kind) {
    if (kind == SEMAPHORE) {
        sem_wait(&lock->semaphore);
        return;
    }
    if (kind == READ) {
        pthread_rwlock_rdlock(&lock->readers);
        return;
    }
    if (kind != FUTEX) {
        if (pthread_mutex_lock(&lock->mutex) == EOWNERDEAD) pthread_mutex_consistent(&lock->mutex);
        return;
    }
    unsigned seen = 0;
    if (atomic_compare_exchange_strong(&lock->word, &seen, 1)) return;
    if (seen != 2) seen = atomic_exchange(&lock->word, 2);
    while (seen != 0) {
        futex_wait(&lock->word, 2);
        seen = atomic_exchange(&lock->word, 2);
    }
}

static inline void release(struct lock *lock, enum kind kind) {
    if (kind == SEMAPHORE) {
        sem_post(&lock->semaphore);
    } else if (kind == READ) {
        pthread_rwlock_unlock(&lock->readers);
    } else if (kind != FUTEX) {
        pthread_mutex_unlock(&lock->mutex);
    } else if (atomic_exchange(&lock->word, 0) == 2) {
        futex_wake(&lock->word, 1);
    }
}

static enum kind kind_of(const char *name) {
    if (!strcmp(name, "normal")) return NORMAL;
    if (!strcmp(name, "robust")) return ROBUST;
    if (!strcmp(name, "recursive")) return RECURSIVE;
    if (!strcmp(name, "futex")) return FUTEX;
    if (!strcmp(name, "semaphore")) return SEMAPHORE;
    if (!strcmp(name, "read")) return READ;
    if (!strcmp(name, "add")) return ADD;
    fprintf(stderr, "unknown kind %s\n", name);
    exit(2);
}

/* ---- One process alone. ---- */

struct stage { /* what two processes share */
    struct lock locks[3];
    _Alignas(LINE) atomic_int phase;
    _Alignas(LINE) volatile int64_t counter;
    _Alignas(LINE) atomic_llong sum;
    _Alignas(LINE) volatile int64_t released_at;
    _Alignas(LINE) atomic_uint turn[2];
    struct {
        _Alignas(LINE) int64_t count;
        int64_t longest;
    } of[2];
    int64_t one_way[2][MAX_HANDOFFS];
};

static inline int64_t step(struct stage *stage, enum kind kind) {
    if (kind == ADD) return atomic_fetch_add(&stage->sum, 1);
    acquire(&stage->locks[0], kind);
    release(&stage->locks[0], kind);
    return 0;
}

/* alone KIND MILLIS: one step */
static inline void alone(struct stage *stage, enum kind kind, int64_t nanos) {
    int64_t sink = 0, steps = 0, start = now(), end = start;
    while (end - start < nanos) {
        for (int i = 0; i < 10000; i++) sink += step(stage, kind);
        steps += 10000;
        end = now();
    }
    atomic_store(&stage->turn[0], (unsigned) sink); /* so that the sums are needed */
    printf("%.4f\n", (double) (end - start) / (double) steps);
}

/* ---- Two processes at once. ---- */

static inline void contend(struct stage *stage, int me, enum kind kind, int timed) {
    int64_t count = 0, longest = 0, sink = 0;
    while (atomic_load(&stage->phase) == 0) {}
    while (atomic_load(&stage->phase) == 1) {
        if (kind == ADD) {
            sink += atomic_fetch_add(&stage->sum, 1);
        } else {
            int64_t before = timed ? now() : 0;
            acquire(&stage->locks[0], kind);
            if (timed) {
                int64_t waited = now() - before;
                if (waited > longest) longest = waited;
            }
            if (kind != READ) stage->counter = stage->counter + 1;
            release(&stage->locks[0], kind);
        }
        count++;
    }
    atomic_store(&stage->turn[me], (unsigned) sink);
    stage->of[me].count = count;
    stage->of[me].longest = longest;
}

static void contend_as(struct stage *stage, int me, enum kind kind, int timed) {
    if (kind == NORMAL) contend(stage, me, NORMAL, timed); /* constants, so that each loop is compiled for its kind */
    if (kind == ROBUST) contend(stage, me, ROBUST, timed);
    if (kind == FUTEX) contend(stage, me, FUTEX, timed);
    if (kind == READ) contend(stage, me, READ, timed);
    if (kind == ADD) contend(stage, me, ADD, timed);
}

/* contended KIND MILLIS CPU0 CPU1 TIMED [PARTIES]: elapsed, both counts, the longest wait */
static void contended(struct stage *stage, enum kind kind, int millis, int cpus[2], int timed, int parties) {
    for (int me = 0; me < parties; me++) {
        if (fork_child() == 0) {
            pin(cpus[me]);
            contend_as(stage, me, kind, timed);
            _exit(0);
        }
    }
    usleep(20000); /* both are at the gate */
    int64_t start = now();
    atomic_store(&stage->phase, 1);
    usleep((useconds_t) millis * 1000);
    atomic_store(&stage->phase, 2);
    int64_t elapsed = now() - start;
    while (wait(NULL) > 0) {}
    int64_t sum = stage->of[0].count + stage->of[1].count;
    if (kind != READ && sum != (kind == ADD ? (int64_t) atomic_load(&stage->sum) : stage->counter)) {
        fprintf(stderr, "lost updates\n");
        exit(1);
    }
    int64_t longest = stage->of[0].longest > stage->of[1].longest ? stage->of[0].longest : stage->of[1].longest;
    printf("%lld %lld %lld %lld\n", (long long) elapsed, (long long) stage->of[0].count, (long long) stage->of[1].count,
           (long long) longest);
}

/* ---- A hand-off to a process that sleeps. The owner works for a while first, so that the other one is asleep. ---- */

static void handoffs_by_futex(struct stage *stage, int me, int count, int64_t hold) {
    for (int i = 0; i < count; i++) {
        if (me == 0) { /* my turn first, then I wait for the answer */
            work(hold);
            stage->released_at = now();
            atomic_store(&stage->turn[0], (unsigned) i + 1);
            futex_wake(&stage->turn[0], 1);
        }
        atomic_uint *mine = &stage->turn[1 - me];
        while (atomic_load(mine) != (unsigned) i + 1) futex_wait(mine, (unsigned) i);
        stage->one_way[me][i] = now() - stage->released_at;
        if (me == 1) {
            work(hold);
            stage->released_at = now();
            atomic_store(&stage->turn[1], (unsigned) i + 1);
            futex_wake(&stage->turn[1], 1);
        }
    }
}

/* The ring of three locks that HandoffWorker.java describes. */
static void handoffs_by_lock(struct stage *stage, int me, int count, int64_t hold, enum kind kind) {
    if (me == 0) {
        acquire(&stage->locks[0], kind);
        acquire(&stage->locks[2], kind);
    } else {
        acquire(&stage->locks[1], kind);
    }
    atomic_fetch_add(&stage->phase, 1);
    while (atomic_load(&stage->phase) < 2) {}
    if (me == 0) {
        work(hold);
        stage->released_at = now();
        release(&stage->locks[0], kind);
    }
    for (int i = 0, at = 1 - me; i < count; i++, at += 2) {
        acquire(&stage->locks[at % 3], kind);
        stage->one_way[me][i] = now() - stage->released_at;
        if (me == 0 && i == count - 1) break;
        work(hold);
        stage->released_at = now();
        release(&stage->locks[(at + 1) % 3], kind);
    }
}

/* handoff KIND COUNT HOLD_NANOS CPU0 CPU1: that many round trips */
static void handoff(struct stage *stage, enum kind kind, int count, int64_t hold, int cpus[2]) {
    if (count > MAX_HANDOFFS) count = MAX_HANDOFFS;
    for (int me = 0; me < 2; me++) {
        if (fork_child() == 0) {
            pin(cpus[me]);
            if (kind == FUTEX) handoffs_by_futex(stage, me, count, hold);
            else handoffs_by_lock(stage, me, count, hold, kind);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {}
    for (int i = 0; i < count; i++) printf("%lld ", (long long) (stage->one_way[0][i] + stage->one_way[1][i]));
    printf("\n");
}

/* ---- Bulk copy. ---- */

/* memcpy in|out BYTES COPIES: one copy from private memory into shared memory, or back */
static void copy(const char *direction, size_t bytes, int copies) {
    char *private = malloc(bytes);
    if (private == NULL) fail("malloc");
    memset(private, 1, bytes);
    char *shared = shared_memory(bytes);
    int in = !strcmp(direction, "in");
    for (int i = -2; i < copies; i++) { /* two to warm up */
        int64_t start = now();
        if (in) memcpy(shared, private, bytes);
        else memcpy(private, shared, bytes);
        __asm__ volatile("" ::: "memory");
        if (i >= 0) printf("%lld ", (long long) (now() - start));
    }
    printf("\n");
}

/* ---- Death of the owner. ---- */

/* recovery BYTES ROUNDS: from just before SIGKILL of the owner, which has touched so much memory, to a sleeping waiter that owns */
static void recovery(struct stage *stage, size_t bytes, int rounds) {
    for (int i = 0; i < rounds; i++) {
        atomic_store(&stage->phase, 0);
        pid_t owner = fork_child();
        if (owner == 0) {
            if (bytes > 0) {
                char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (memory == MAP_FAILED) fail("mmap");
                memset(memory, 1, bytes);
            }
            acquire(&stage->locks[0], ROBUST);
            atomic_store(&stage->phase, 1);
            while (1) pause();
        }
        while (atomic_load(&stage->phase) != 1) {
            if (waitpid(owner, NULL, WNOHANG) == owner) fail("owner");
            usleep(1000);
        }
        if (fork_child() == 0) {
            acquire(&stage->locks[0], ROBUST);
            stage->released_at = now();
            release(&stage->locks[0], ROBUST);
            _exit(0);
        }
        usleep(20000); /* the waiter sleeps */
        int64_t killed_at = now();
        kill(owner, SIGKILL);
        while (wait(NULL) > 0) {}
        printf("%lld ", (long long) (stage->released_at - killed_at));
    }
    printf("\n");
}

/* create KIND COUNT: making one of so many mutexes in shared memory */
static void create(enum kind kind, int count) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (kind == ROBUST) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    size_t bytes = (size_t) count * sizeof(pthread_mutex_t);
    pthread_mutex_t *mutexes = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mutexes == MAP_FAILED) fail("mmap");
    int64_t start = now();
    for (int i = 0; i < count; i++) pthread_mutex_init(&mutexes[i], &attributes);
    printf("%.4f\n", (double) (now() - start) / count);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: alone|contended|handoff|memcpy|recovery|create|barrier|condition|crowd|ring ARGUMENTS\n");
        return 2;
    }
    alarm(LONGEST_RUN_SECONDS);
    const char *what = argv[1];
    if (!strcmp(what, "memcpy")) {
        copy(argv[2], (size_t) atoll(argv[3]), atoi(argv[4]));
        return 0;
    }
    if (signals(argc, argv) == 0 || queues(argc, argv) == 0) return 0;
    struct stage *stage = shared_memory(sizeof *stage);
    enum kind kind = !strcmp(what, "recovery") ? ROBUST : kind_of(argv[2]);
    for (int i = 0; i < 3; i++) init(&stage->locks[i], kind);
    if (!strcmp(what, "alone")) {
        int64_t nanos = atoll(argv[3]) * 1000000;
        if (kind == NORMAL) alone(stage, NORMAL, nanos);
        if (kind == ROBUST) alone(stage, ROBUST, nanos);
        if (kind == RECURSIVE) alone(stage, RECURSIVE, nanos);
        if (kind == FUTEX) alone(stage, FUTEX, nanos);
        if (kind == SEMAPHORE) alone(stage, SEMAPHORE, nanos);
        if (kind == READ) alone(stage, READ, nanos);
        if (kind == ADD) alone(stage, ADD, nanos);
    } else if (!strcmp(what, "contended")) {
        contended(stage, kind, atoi(argv[3]), (int[]) {atoi(argv[4]), atoi(argv[5])}, atoi(argv[6]),
                  argc > 7 ? atoi(argv[7]) : 2);
    } else if (!strcmp(what, "handoff")) {
        handoff(stage, kind, atoi(argv[3]), atoll(argv[4]), (int[]) {atoi(argv[5]), atoi(argv[6])});
    } else if (!strcmp(what, "recovery")) {
        recovery(stage, (size_t) atoll(argv[2]), atoi(argv[3]));
    } else if (!strcmp(what, "create")) {
        create(kind, atoi(argv[3]));
    } else {
        fprintf(stderr, "unknown: %s\n", what);
        return 2;
    }
    return 0;
}
