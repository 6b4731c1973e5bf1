"""What Interlock is compared with, in Python: the same work with `multiprocessing`.

Run with one of the names at the end of this file; prints numbers, which are nanoseconds unless said otherwise. Times are
CLOCK_MONOTONIC, which is also the clock of Java's System.nanoTime().
"""
import multiprocessing
import os
import sys
import threading
import time
from multiprocessing import shared_memory

now = time.monotonic_ns


def pin(cpu):
    if cpu >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {cpu})


def alone_lock(lock, millis):
    """lock-alone, rlock-alone, semaphore-alone MILLIS: acquire and release"""
    steps, start = 0, now()
    while now() - start < millis * 1_000_000:
        for _ in range(1000):
            lock.acquire()
            lock.release()
        steps += 1000
    print((now() - start) / steps)


def alone_add(millis):
    """add-alone MILLIS: an addition under the value's lock, since there is no atomic one"""
    value = multiprocessing.Value("q", 0)
    steps, start = 0, now()
    while now() - start < millis * 1_000_000:
        for _ in range(1000):
            with value.get_lock():
                value.value += 1
        steps += 1000
    print((now() - start) / steps)


def contend(lock, value, phase, counts, me, cpu):
    pin(cpu)
    count = 0
    while phase.value == 0:
        pass
    while phase.value == 1:
        with lock:
            value.value += 1
        count += 1
    counts[me] = count


def contended(millis, cpu0, cpu1):
    """contended MILLIS CPU0 CPU1: elapsed, both counts"""
    context = multiprocessing.get_context("fork")
    lock = context.Lock()
    phase, value, counts = context.RawValue("i", 0), context.RawValue("q", 0), context.RawArray("q", 2)
    cpus = cpu0, cpu1
    processes = [context.Process(target=contend, args=(lock, value, phase, counts, i, cpus[i])) for i in range(2)]
    for process in processes:
        process.start()
    time.sleep(0.1)
    start = now()
    phase.value = 1
    time.sleep(millis / 1000)
    phase.value = 2
    elapsed = now() - start
    for process in processes:
        process.join()
    print(elapsed, counts[0], counts[1])


def work(nanos):
    start = now()
    while now() - start < nanos:
        pass


def hand_off(locks, released_at, ready, one_way, me, count, hold, cpu):
    """The ring of three locks that HandoffWorker.java describes."""
    pin(cpu)
    for mine in (0, 2) if me == 0 else (1,):
        locks[mine].acquire()
    ready.wait()
    if me == 0:
        work(hold)
        released_at.value = now()
        locks[0].release()
    at = 1 - me
    for i in range(count):
        locks[at % 3].acquire()
        one_way[me * count + i] = now() - released_at.value
        if me == 0 and i == count - 1:
            break
        work(hold)
        released_at.value = now()
        locks[(at + 1) % 3].release()
        at += 2


def handoff(count, hold, cpu0, cpu1):
    """handoff COUNT HOLD_NANOS CPU0 CPU1: that many round trips"""
    context = multiprocessing.get_context("fork")
    locks = [context.Lock() for _ in range(3)]
    released_at, one_way = context.RawValue("q", 0), context.RawArray("q", 2 * count)
    ready = context.Barrier(2)
    cpus = cpu0, cpu1
    processes = [
        context.Process(target=hand_off, args=(locks, released_at, ready, one_way, i, count, hold, cpus[i])) for i in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(*(one_way[i] + one_way[count + i] for i in range(count)))


def copy(direction, size, copies):
    """memcpy in|out BYTES COPIES: one copy into shared memory, or back"""
    memory = shared_memory.SharedMemory(create=True, size=size)
    try:
        private = memoryview(bytearray(b"1" * size))
        memory.buf[:size] = private
        for i in range(-2, copies):
            start = now()
            if direction == "in":
                memory.buf[:size] = private
            else:
                private[:] = memory.buf[:size]
            if i >= 0:
                print(now() - start, end=" ")
        print()
    finally:
        memory.close()
        memory.unlink()


def report_time(connection):
    connection.send(now())


def start(method, rounds):
    """start spawn|forkserver|fork ROUNDS: from just before start() to the child's first line"""
    context = multiprocessing.get_context(method)
    for i in range(-1, rounds):  # the first one starts the fork server, too
        receiver, sender = context.Pipe(False)
        process = context.Process(target=report_time, args=(sender,))
        before = now()
        process.start()
        after = receiver.recv()
        process.join()
        if i >= 0:
            print(after - before, end=" ")
    print()


def meet(barrier, elapsed, me, rounds, cpu):
    pin(cpu)
    barrier.wait()
    start_time = now()
    for _ in range(rounds):
        barrier.wait()
    elapsed[me] = now() - start_time


def barrier(rounds, cpu0, cpu1):
    """barrier ROUNDS CPU0 CPU1: rounds per second of two processes"""
    context = multiprocessing.get_context("fork")
    meeting, elapsed = context.Barrier(2), context.RawArray("q", 2)
    cpus = cpu0, cpu1
    processes = [context.Process(target=meet, args=(meeting, elapsed, i, rounds, cpus[i])) for i in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(rounds * 1e9 / elapsed[0])


def exchange_signals(condition, turn, signalled_at, samples, me, count, hold, cpu):
    pin(cpu)

    def signal_other():
        work(hold)
        with condition:
            turn.value = 1 - me
            signalled_at.value = now()
            condition.notify()

    for i in range(count):
        if me == 0:
            signal_other()
        with condition:
            while turn.value != me:
                condition.wait()
            samples[me * count + i] = now() - signalled_at.value
        if me == 1:
            signal_other()


def condition(count, hold, cpu0, cpu1):
    """condition COUNT HOLD_NANOS CPU0 CPU1: a signal to a process that sleeps, that many in each direction"""
    context = multiprocessing.get_context("fork")
    signal, turn, signalled_at = context.Condition(), context.RawValue("i", 0), context.RawValue("q", 0)
    samples = context.RawArray("q", 2 * count)
    cpus = cpu0, cpu1
    processes = [
        context.Process(target=exchange_signals, args=(signal, turn, signalled_at, samples, i, count, hold, cpus[i]))
        for i in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(*samples)


def sleep_in_crowd(event, arrived, left, times, me, rounds):
    for _ in range(rounds):
        arrived.release()
        event.wait()
        times[me] = now()
        left.release()
        while event.is_set():
            time.sleep(0.01)


def crowd_of_threads(event, arrived, left, times, rounds):
    threads = [
        threading.Thread(target=sleep_in_crowd, args=(event, arrived, left, times, i, rounds)) for i in range(len(times))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def crowd(sleepers, rounds):
    """crowd SLEEPERS ROUNDS: from just before an event is set until the last of so many threads of another process is awake"""
    context = multiprocessing.get_context("fork")
    event, arrived, left = context.Event(), context.Semaphore(0), context.Semaphore(0)
    times = context.RawArray("q", sleepers)
    process = context.Process(target=crowd_of_threads, args=(event, arrived, left, times, rounds))
    process.start()
    for _ in range(rounds):
        for _ in range(sleepers):
            arrived.acquire()
        time.sleep(0.05)
        start_time = now()
        event.set()
        for _ in range(sleepers):
            left.acquire()
        print(max(times) - start_time, end=" ")
        event.clear()
    print()
    process.join()


class Trade:
    """Like the object that the benchmark in Java sends."""

    def __init__(self, number):
        self.number, self.symbol, self.price, self.quantity = number, "INTERLOCK", 12.5, 100


def send_all(send, size, started_at, millis, cpu):
    pin(cpu)
    number, start = 0, now()
    started_at.value = start
    while now() - start < millis * 1_000_000:
        send(Trade(number) if size == 0 else number.to_bytes(8, "little") + bytes(size - 8))
        number += 1
    send(None)


def receive_all(receive, started_at, rate, cpu):
    pin(cpu)
    count = 0
    while receive() is not None:
        count += 1
    rate.value = count * 1e9 / (now() - started_at.value)


def message_rate(what, size, millis, cpu0, cpu1):
    """queue|pipe BYTES MILLIS CPU0 CPU1: messages per second; 0 bytes for a small object"""
    context = multiprocessing.get_context("fork")
    started_at, rate = context.RawValue("q", 0), context.RawValue("d", 0)
    if what == "queue":
        queue = context.Queue(1024)
        send, receive = queue.put, queue.get
    else:
        receiver, sender = context.Pipe(False)
        send, receive = sender.send, receiver.recv
    processes = [
        context.Process(target=send_all, args=(send, size, started_at, millis, cpu0)),
        context.Process(target=receive_all, args=(receive, started_at, rate, cpu1)),
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(rate.value)


def answer_all(connection, count, cpu):
    pin(cpu)
    for _ in range(count):
        connection.send_bytes(connection.recv_bytes())


def pipe_trips(kind, size, count, cpu0, cpu1):
    """pipe-trips duplex BYTES COUNT CPU0 CPU1: a message there and back, one after the other"""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(kind == "duplex")
    process = context.Process(target=answer_all, args=(there, count, cpu1))
    process.start()
    pin(cpu0)
    message, times = b"1" * size, []
    for _ in range(count):
        start_time = now()
        here.send_bytes(message)
        here.recv_bytes()
        times.append(now() - start_time)
    process.join()
    print(*times)


def send_bulk(connection, size, started_at, millis, cpu):
    pin(cpu)
    message, start_time = b"1" * size, now()
    started_at.value = start_time
    while now() - start_time < millis * 1_000_000:
        connection.send_bytes(message)
    connection.send_bytes(b"")


def pipe_bulk(into, kind, size, millis, cpu0, cpu1):
    """pipe-arrays|pipe-buffer duplex|one-way BYTES MILLIS CPU0 CPU1: bytes per second, in one direction"""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(kind == "duplex")
    started_at = context.RawValue("q", 0)
    process = context.Process(target=send_bulk, args=(sender, size, started_at, millis, cpu0))
    process.start()
    pin(cpu1)
    buffer, received = bytearray(size), 0
    while length := receiver.recv_bytes_into(buffer) if into == "buffer" else len(receiver.recv_bytes()):
        received += length
    print(received * 1e9 / (now() - started_at.value))
    process.join()


def nothing():
    return 0


def same(item):
    return item


def pool_start(method, rounds):
    """pool-start spawn|forkserver ROUNDS: from just before a pool of two is made to its first result"""
    context = multiprocessing.get_context(method)
    for i in range(-1, rounds):  # the first one starts the fork server, too
        before = now()
        with context.Pool(2) as pool:
            pool.apply(nothing)
            after = now()
        pool.join()
        if i >= 0:
            print(after - before, end=" ")
    print()


def executor():
    from concurrent.futures import ProcessPoolExecutor  # not for the others: a spawned child imports all that this file does

    return ProcessPoolExecutor(2)


def pool_trips(count, rest_millis):
    """pool-trips COUNT REST_MILLIS: submit and result, one after the other"""
    with executor() as pool:
        for i in range(-count, count):
            if rest_millis > 0:
                time.sleep(rest_millis / 1000)
            before = now()
            pool.submit(nothing).result()
            if i >= 0:
                print(now() - before, end=" ")
    print()


def pool_submits(count):
    """pool-submits COUNT: tasks per second, if that many are submitted at once"""
    with executor() as pool:
        for number in (count // 10, count):  # the first few start the workers
            before = now()
            futures = [pool.submit(nothing) for _ in range(number)]
            for future in futures:
                future.result()
            rate = number * 1e9 / (now() - before)
    print(rate)


def pool_map(count, chunk_size):
    """pool-map COUNT CHUNK_SIZE: items per second; 0 for automatic chunks"""
    with multiprocessing.Pool(2) as pool:
        for _ in range(2):
            before = now()
            pool.map(same, range(count), chunksize=chunk_size or None)
            rate = count * 1e9 / (now() - before)
    print(rate)


def create(count):
    """create COUNT: making one of so many locks"""
    start_time = now()
    locks = [multiprocessing.Lock() for _ in range(count)]
    print((now() - start_time) / len(locks))


if __name__ == "__main__":
    what, arguments = sys.argv[1], sys.argv[2:]
    if what == "lock-alone":
        alone_lock(multiprocessing.Lock(), int(arguments[0]))
    elif what == "rlock-alone":
        alone_lock(multiprocessing.RLock(), int(arguments[0]))
    elif what == "semaphore-alone":
        alone_lock(multiprocessing.Semaphore(), int(arguments[0]))
    elif what == "add-alone":
        alone_add(int(arguments[0]))
    elif what == "contended":
        contended(*map(int, arguments))
    elif what == "handoff":
        handoff(*map(int, arguments))
    elif what == "barrier":
        barrier(*map(int, arguments))
    elif what == "condition":
        condition(*map(int, arguments))
    elif what == "crowd":
        crowd(*map(int, arguments))
    elif what == "memcpy":
        copy(arguments[0], int(arguments[1]), int(arguments[2]))
    elif what == "start":
        start(arguments[0], int(arguments[1]))
    elif what in ("queue", "pipe"):
        message_rate(what, *map(int, arguments))
    elif what == "pipe-trips":
        pipe_trips(arguments[0], *map(int, arguments[1:]))
    elif what in ("pipe-arrays", "pipe-buffer"):
        pipe_bulk(what[5:], arguments[0], *map(int, arguments[1:]))
    elif what == "pool-start":
        pool_start(arguments[0], int(arguments[1]))
    elif what == "pool-trips":
        pool_trips(*map(int, arguments))
    elif what == "pool-submits":
        pool_submits(*map(int, arguments))
    elif what == "pool-map":
        pool_map(*map(int, arguments))
    elif what == "create":
        create(int(arguments[0]))
    else:
        sys.exit(f"unknown: {what}")
