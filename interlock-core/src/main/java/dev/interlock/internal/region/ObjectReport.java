package dev.interlock.internal.region;

import dev.interlock.ObjectInfo;
import dev.interlock.ObjectInfo.Holder;
import dev.interlock.ObjectInfo.Waiter;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Events;
import dev.interlock.internal.sync.Latches;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.PipeLayout;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.QueueLayout;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.ReadWriteDisplay;
import dev.interlock.internal.sync.SemaphoreState;
import dev.interlock.internal.sync.WaitCell;
import dev.interlock.internal.sync.WaitList;
import dev.interlock.internal.sync.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can be seen of all objects from outside: who holds them, who waits. Nobody is disturbed. */
final class ObjectReport {
    private final Heap heap;
    private final Words words;
    private final Attachment attachment;
    private final Map<Long, List<WaitList.Waiter>> waiters =
            new HashMap<>(); // by what they wait for
    private final Map<Integer, Member> members = new HashMap<>(); // by slot, as far as asked for

    ObjectReport(Heap heap, Mapping words, Attachment attachment) {
        this.heap = heap;
        this.words = words;
        this.attachment = attachment;
        gatherWaiters();
    }

    /* Everybody may have written to the list, and it may lead anywhere. */
    private void gatherWaiters() {
        try {
            WaitList.forEach(
                    words,
                    Layout.OFFSET_WAIT_ROOT,
                    0,
                    waiter ->
                            waiters.computeIfAbsent(waiter.object(), _ -> new ArrayList<>())
                                    .add(waiter));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw Errors.corrupt(
                    attachment.path(),
                    "its list of those who wait leads elsewhere: " + e.getMessage());
        }
    }

    List<ObjectInfo> objects() {
        List<ObjectInfo> objects = new ArrayList<>();
        heap.walk(found -> {
            if (found.type().isPublic()) objects.add(describe(found));
        });
        return objects;
    }

    private ObjectInfo describe(Heap.Found found) {
        return new ObjectInfo(
                found.name(),
                found.type().label(),
                found.type().hasLength() ? found.length() : 1,
                found.size(),
                state(found.type(), found.payload()),
                holders(found.type(), found.payload()),
                waiters(found.type(), found.payload()),
                contention(found.type(), found.payload()));
    }

    private String state(ObjectType type, long payload) {
        return switch (type) {
            case LOCK, REENTRANT_LOCK -> stateOfLock(payload);
            case EVENT -> Events.isSet(words, payload) ? "set" : "clear";
            case COUNT_DOWN_LATCH -> Latches.count(words, payload) + " left";
            case SEMAPHORE ->
                    SemaphoreState.available(words, payload)
                            + " of "
                            + SemaphoreCode.permits(heap.option(payload))
                            + " available";
            case READ_WRITE_LOCK -> stateOfReadWriteLock(payload);
            case CONDITION -> waiters.getOrDefault(payload, List.of()).size() + " waiting";
            case QUEUE -> QueueState.describe(words, payload, heap.payloadBytes(payload));
            case PIPE -> PipeState.describe(words, payload, heap.payloadBytes(payload));
            case BARRIER -> BarrierState.describe(words, payload, heap.option(payload));
            default -> "";
        };
    }

    private String stateOfLock(long lock) {
        String held = LockDisplay.isLocked(words, lock) ? "held" : "free";
        return LockDisplay.isAbandoned(words, lock) ? held + ", abandoned" : held;
    }

    private String stateOfReadWriteLock(long lock) {
        int reading = 0;
        for (int slot = 0; slot < Layout.SLOTS; slot++)
            reading += ReadWriteDisplay.readers(words, lock, slot);
        String held =
                ReadWriteDisplay.isWritten(words, lock)
                        ? "written"
                        : reading == 0 ? "free" : reading + " reading";
        return ReadWriteDisplay.isAbandoned(words, lock) ? held + ", abandoned" : held;
    }

    private List<Holder> holders(ObjectType type, long payload) {
        List<Holder> holders = new ArrayList<>();
        if (type == ObjectType.READ_WRITE_LOCK) {
            addWriterAndReaders(payload, holders);
            return holders;
        }
        for (int lock : type.locks) addOwner(payload + lock, holders);
        if (type == ObjectType.SEMAPHORE && SemaphoreCode.isOwned(heap.option(payload)))
            addPermits(payload, holders);
        return holders;
    }

    /* Who owns the lock within may be waiting for readers to leave, or about to read. */
    private void addWriterAndReaders(long lock, List<Holder> holders) {
        if (ReadWriteDisplay.isWritten(words, lock)) addOwner(lock, holders);
        for (int slot = 0; slot < Layout.SLOTS; slot++)
            addProcess(slot, ReadWriteDisplay.readers(words, lock, slot), holders);
    }

    private void addPermits(long semaphore, List<Holder> holders) {
        int permits = SemaphoreCode.permits(heap.option(semaphore));
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            addProcess(slot, SemaphoreState.held(words, semaphore, permits, slot), holders);
        }
    }

    private void addProcess(int slot, int amount, List<Holder> holders) {
        if (amount == 0) return;
        Member member = member(slot);
        holders.add(new Holder(member.identity().pid(), member.name(), "", amount));
    }

    private void addOwner(long lock, List<Holder> holders) {
        LockDisplay.Owner owner = LockDisplay.owner(words, lock);
        if (owner == null) return;
        Member member = member(owner.slot());
        holders.add(new Holder(member.identity().pid(), member.name(), owner.threadName(), 1));
    }

    private List<Waiter> waiters(ObjectType type, long payload) {
        List<WaitList.Waiter> found = new ArrayList<>();
        for (long at : awaited(type, payload)) found.addAll(waiters.getOrDefault(at, List.of()));
        Collections.sort(found);
        List<Waiter> described = new ArrayList<>();
        for (WaitList.Waiter waiter : found) {
            Member member = member(waiter.slot());
            described.add(
                    new Waiter(
                            member.identity().pid(),
                            member.name(),
                            waiter.threadId(),
                            Instant.ofEpochMilli(waiter.sinceMillis()),
                            waiter.want()));
        }
        return described;
    }

    private long contention(ObjectType type, long payload) {
        long sum = 0;
        for (long at : awaited(type, payload)) sum += words.get(at + WaitCell.CONTENTION);
        return sum;
    }

    /* What threads may wait for: the object itself, the locks in it, a barrier's turn. */
    private static long[] awaited(ObjectType type, long payload) {
        if (type == ObjectType.BARRIER) return new long[] {payload, payload + BarrierState.TURN};
        if (type == ObjectType.QUEUE)
            return new long[] {
                payload + QueueLayout.ITEMS,
                payload + QueueLayout.SPACE,
                payload + QueueLayout.IDLE,
                payload + QueueLayout.LOCK
            };
        if (type == ObjectType.PIPE) return awaitedInPipe(payload);
        if (type.locks.length == 0) return type.isAwaited() ? new long[] {payload} : new long[0];
        long[] at = new long[type.locks.length];
        for (int i = 0; i < at.length; i++) at[i] = payload + type.locks[i];
        return at;
    }

    private static long[] awaitedInPipe(long payload) {
        long[] awaited = PipeLayout.awaited(payload);
        int[] locks = ObjectType.PIPE.locks;
        long[] at = Arrays.copyOf(awaited, awaited.length + locks.length);
        for (int i = 0; i < locks.length; i++) at[awaited.length + i] = payload + locks[i];
        return at;
    }

    private Member member(int slot) {
        return members.computeIfAbsent(slot, attachment::member);
    }
}
