/* Messages from one process to another, see peer.c. */
#include "peer.h"

#define CAPACITY 1024
#define LOOKS 64 /* messages sent from one look at the clock to the next */
#define SPINS 100
#define END UINT64_MAX

/*
 * Vyukov's bounded queue for many producers and consumers. The sequence number of a slot is the position for which it is free, or one
 * more when the message of that position is in it. Nobody knows who writes or reads: a death stops the ring for good.
 */
struct ring {
    _Alignas(LINE) atomic_ullong tail;
    _Alignas(LINE) atomic_ullong head;
    size_t slot_bytes;
    _Alignas(LINE) int64_t started_at;
    _Alignas(LINE) char slots[];
};

static inline atomic_ullong *slot(struct ring *ring, uint64_t position) {
    return (atomic_ullong *) (ring->slots + (position % CAPACITY) * ring->slot_bytes);
}

static inline int offer(struct ring *ring, uint64_t number, const char *rest, size_t bytes) {
    uint64_t position = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    while (1) {
        atomic_ullong *sequence = slot(ring, position);
        int64_t ahead = (int64_t) (atomic_load_explicit(sequence, memory_order_acquire) - position);
        if (ahead < 0) return 0;
        if (ahead > 0) {
            position = atomic_load_explicit(&ring->tail, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak_explicit(&ring->tail, (unsigned long long *) &position, position + 1,
                                                         memory_order_relaxed, memory_order_relaxed)) {
            char *message = (char *) (sequence + 1);
            memcpy(message, &number, sizeof number);
            memcpy(message + sizeof number, rest, bytes - sizeof number);
            atomic_store_explicit(sequence, position + 1, memory_order_release);
            return 1;
        }
    }
}

static inline int poll(struct ring *ring, uint64_t *number, char *rest, size_t bytes) {
    uint64_t position = atomic_load_explicit(&ring->head, memory_order_relaxed);
    while (1) {
        atomic_ullong *sequence = slot(ring, position);
        int64_t ahead = (int64_t) (atomic_load_explicit(sequence, memory_order_acquire) - (position + 1));
        if (ahead < 0) return 0;
        if (ahead > 0) {
            position = atomic_load_explicit(&ring->head, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak_explicit(&ring->head, (unsigned long long *) &position, position + 1,
                                                         memory_order_relaxed, memory_order_relaxed)) {
            char *message = (char *) (sequence + 1);
            memcpy(number, message, sizeof *number);
            memcpy(rest, message + sizeof *number, bytes - sizeof *number);
            atomic_store_explicit(sequence, position + CAPACITY, memory_order_release);
            return 1;
        }
    }
}

static inline void idle(int failures) {
    if (failures < SPINS) __builtin_ia32_pause();
    else sched_yield();
}

static void send_all(struct ring *ring, size_t bytes, int64_t nanos) {
    char *rest = calloc(1, bytes);
    if (rest == NULL) fail("calloc");
    int64_t start = ring->started_at = now();
    uint64_t number = 0;
    for (int last = 0; !last; ) {
        last = now() - start >= nanos;
        for (int i = 0; i < (last ? 1 : LOOKS); i++) {
            uint64_t next = last ? END : number++;
            for (int failures = 0; !offer(ring, next, rest, bytes); failures++) idle(failures);
        }
    }
}

static void receive_all(struct ring *ring, size_t bytes) {
    char *rest = malloc(bytes);
    if (rest == NULL) fail("malloc");
    uint64_t number = 0;
    for (uint64_t count = 0; ; count++) {
        for (int failures = 0; !poll(ring, &number, rest, bytes); failures++) idle(failures);
        if (number == END) {
            printf("%.4f\n", (double) count * 1e9 / (double) (now() - ring->started_at));
            return;
        }
        if (number != count) {
            fprintf(stderr, "messages out of order\n");
            exit(1);
        }
    }
}

/* ring BYTES MILLIS CPU0 CPU1: messages per second */
static void run_ring(size_t bytes, int millis, int cpus[2]) {
    size_t slot_bytes = sizeof(uint64_t) + (bytes + 7) / 8 * 8;
    struct ring *ring = shared_memory(sizeof *ring + CAPACITY * slot_bytes);
    ring->slot_bytes = slot_bytes;
    for (uint64_t position = 0; position < CAPACITY; position++) atomic_store(slot(ring, position), position);
    if (fork_child() == 0) {
        pin(cpus[0]);
        send_all(ring, bytes, millis * 1000000LL);
        _exit(0);
    }
    pin(cpus[1]);
    receive_all(ring, bytes);
    while (wait(NULL) > 0) {}
}

int queues(int argc, char **argv) {
    if (strcmp(argv[1], "ring") || argc < 6) return 2;
    run_ring((size_t) atoll(argv[2]), atoi(argv[3]), (int[]) {atoi(argv[4]), atoi(argv[5])});
    return 0;
}
