/* Waiting for each other and for signals, see peer.c. */
#include "peer.h"

#define MAX_SLEEPERS 1000
#define MAX_SAMPLES 100000
#define ASLEEP_MICROS 20000

struct scene { /* what the parties share */
    pthread_barrier_t barrier;
    _Alignas(LINE) pthread_mutex_t mutex;
    _Alignas(LINE) pthread_cond_t condition;
    _Alignas(LINE) volatile int turn;
    _Alignas(LINE) volatile int64_t signalled_at;
    _Alignas(LINE) atomic_uint sets;
    _Alignas(LINE) atomic_int arrived;
    int64_t woken_at[MAX_SLEEPERS];
    int64_t samples[2][MAX_SAMPLES];
};

static struct scene *new_scene(void) {
    struct scene *scene = shared_memory(sizeof *scene);
    pthread_mutexattr_t mutex;
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_condattr_t condition;
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_barrierattr_t barrier;
    pthread_barrierattr_init(&barrier);
    pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
    if (pthread_mutex_init(&scene->mutex, &mutex) != 0) fail("pthread_mutex_init");
    if (pthread_cond_init(&scene->condition, &condition) != 0) fail("pthread_cond_init");
    if (pthread_barrier_init(&scene->barrier, &barrier, 2) != 0) fail("pthread_barrier_init");
    return scene;
}

/* ---- Two processes that meet. ---- */

/* barrier ROUNDS CPU0 CPU1: rounds per second */
static void meet(struct scene *scene, int rounds, int cpus[2]) {
    for (int me = 0; me < 2; me++) {
        if (fork_child() == 0) {
            pin(cpus[me]);
            pthread_barrier_wait(&scene->barrier);
            int64_t start = now();
            for (int i = 0; i < rounds; i++) pthread_barrier_wait(&scene->barrier);
            scene->samples[me][0] = now() - start;
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {}
    printf("%.4f\n", rounds * 1e9 / (double) scene->samples[0][0]);
}

/* ---- A signal to a process that sleeps. Who was woken works for a while first, so that the other one is asleep. ---- */

static void signal_other(struct scene *scene, int me, int64_t hold) {
    work(hold);
    pthread_mutex_lock(&scene->mutex);
    scene->turn = 1 - me;
    scene->signalled_at = now();
    pthread_cond_signal(&scene->condition);
    pthread_mutex_unlock(&scene->mutex);
}

static void await_signal(struct scene *scene, int me, int i) {
    pthread_mutex_lock(&scene->mutex);
    while (scene->turn != me) pthread_cond_wait(&scene->condition, &scene->mutex);
    scene->samples[me][i] = now() - scene->signalled_at;
    pthread_mutex_unlock(&scene->mutex);
}

/* condition COUNT HOLD_NANOS CPU0 CPU1: that many from one to the other and as many back */
static void signals_by_condition(struct scene *scene, int count, int64_t hold, int cpus[2]) {
    if (count > MAX_SAMPLES) count = MAX_SAMPLES;
    for (int me = 0; me < 2; me++) {
        if (fork_child() == 0) {
            pin(cpus[me]);
            for (int i = 0; i < count; i++) {
                if (me == 0) signal_other(scene, me, hold);
                await_signal(scene, me, i);
                if (me == 1) signal_other(scene, me, hold);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {}
    for (int i = 0; i < count; i++)
        printf("%lld %lld ", (long long) scene->samples[0][i], (long long) scene->samples[1][i]);
    printf("\n");
}

/* ---- One process sets, many threads of another one wait for that. ---- */

struct sleeper {
    struct scene *scene;
    int me, rounds, by_futex;
};

static void sleep_by_futex(struct scene *scene, unsigned round) {
    atomic_fetch_add(&scene->arrived, 1);
    while (atomic_load(&scene->sets) == round) futex_wait(&scene->sets, round);
}

static void sleep_by_condition(struct scene *scene, unsigned round) {
    pthread_mutex_lock(&scene->mutex);
    atomic_fetch_add(&scene->arrived, 1);
    while (atomic_load(&scene->sets) == round) pthread_cond_wait(&scene->condition, &scene->mutex);
    pthread_mutex_unlock(&scene->mutex);
}

static void *sleeper(void *argument) {
    struct sleeper *self = argument;
    for (unsigned round = 0; round < (unsigned) self->rounds; round++) {
        if (self->by_futex) sleep_by_futex(self->scene, round);
        else sleep_by_condition(self->scene, round);
        self->scene->woken_at[self->me] = now();
    }
    atomic_fetch_add(&self->scene->arrived, 1);
    return NULL;
}

static void crowd_of_threads(struct scene *scene, int count, int rounds, int by_futex) {
    static struct sleeper sleepers[MAX_SLEEPERS];
    static pthread_t threads[MAX_SLEEPERS];
    for (int i = 0; i < count; i++) {
        sleepers[i] = (struct sleeper) {scene, i, rounds, by_futex};
        if (pthread_create(&threads[i], NULL, sleeper, &sleepers[i]) != 0) fail("pthread_create");
    }
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static void await_crowd(struct scene *scene, int arrivals) {
    while (atomic_load(&scene->arrived) < arrivals) usleep(1000);
}

/* crowd futex|condition SLEEPERS ROUNDS: from just before it is set until the last one is awake */
static void crowd(struct scene *scene, int by_futex, int count, int rounds) {
    if (count > MAX_SLEEPERS) count = MAX_SLEEPERS;
    if (fork_child() == 0) {
        crowd_of_threads(scene, count, rounds, by_futex);
        _exit(0);
    }
    for (int round = 0; round < rounds; round++) {
        await_crowd(scene, count * (round + 1));
        usleep(ASLEEP_MICROS);
        int64_t start = now(), last = 0;
        if (by_futex) {
            atomic_fetch_add(&scene->sets, 1);
            futex_wake(&scene->sets, count);
        } else {
            pthread_mutex_lock(&scene->mutex);
            atomic_fetch_add(&scene->sets, 1);
            pthread_cond_broadcast(&scene->condition);
            pthread_mutex_unlock(&scene->mutex);
        }
        await_crowd(scene, count * (round + 2));
        for (int i = 0; i < count; i++) last = scene->woken_at[i] > last ? scene->woken_at[i] : last;
        printf("%lld ", (long long) (last - start));
    }
    printf("\n");
    while (wait(NULL) > 0) {}
}

int signals(int argc, char **argv) {
    const char *what = argv[1];
    if (!strcmp(what, "barrier") && argc > 4) {
        meet(new_scene(), atoi(argv[2]), (int[]) {atoi(argv[3]), atoi(argv[4])});
    } else if (!strcmp(what, "condition") && argc > 5) {
        signals_by_condition(new_scene(), atoi(argv[2]), atoll(argv[3]), (int[]) {atoi(argv[4]), atoi(argv[5])});
    } else if (!strcmp(what, "crowd") && argc > 4) {
        crowd(new_scene(), !strcmp(argv[2], "futex"), atoi(argv[3]), atoi(argv[4]));
    } else {
        return 2;
    }
    return 0;
}
