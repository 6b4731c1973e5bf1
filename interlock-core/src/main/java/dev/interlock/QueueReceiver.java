package dev.interlock;

import dev.interlock.internal.sync.QueueContents;
import dev.interlock.internal.sync.QueueLook;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.QueueTaking;
import dev.interlock.internal.sync.Ring;
import dev.interlock.internal.sync.Streak;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How messages get out of a queue: taken, read, finished, told. */
final class QueueReceiver<E> {
    private final SharedQueue<E> queue;
    private final Handle handle;
    private final QueueState state;
    private final Words opening;
    private final Codec<E> codec;
    private final @Nullable ArrayCodec<E> arrays; // the codec, if it is one
    private final int maxDeliveries;
    private final @Nullable SharedQueue<?> deadLetters;
    private final Streak streak;

    QueueReceiver(SharedQueue<E> queue, QueueState state, Messages<E> messages) {
        this.queue = queue;
        this.handle = queue.handle;
        this.state = state;
        this.opening = state.opening();
        this.codec = messages.codec;
        this.arrays = ArrayCodec.orNull(codec);
        this.maxDeliveries = messages.maxDeliveries;
        this.deadLetters = messages.deadLetters;
        this.streak = new Streak(state.capacity());
    }

    @Nullable E receive(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        E message = receiveNow();
        if (message != null) return message;
        long position = await(deadlineNanos);
        return position < 0 ? null : received(position);
    }

    @Nullable E receiveNow() {
        E message = receiveIfThere();
        return message == null && streak.pausedAfterMany() ? receiveIfThere() : message;
    }

    /*
     * Who asks an empty queue again and again gets no further than here: else all that follows would be called so seldom that the JIT
     * would not inline it.
     */
    private @Nullable E receiveIfThere() {
        opening.requireOpen();
        QueueLook look = state.look();
        return look.isUnpublished()
                ? null
                : receiveFrom(look.position(), look.slot(), look.word(), look.returns());
    }

    /*
     * No handler of exceptions, and nothing that is called and not inlined, as what is seldom is not, may refer to what takes: the JIT
     * keeps it in registers only if nothing else can come to see it.
     */
    private @Nullable E receiveFrom(long first, long firstSlot, long firstWord, long returns) {
        QueueTaking taking = state.taking(first, returns);
        long slot = firstSlot;
        long seen = firstWord;
        while (true) { // until there is one that was not delivered too often, or none
            long position = taking.position();
            MemorySegment whole = arrays == null ? state.contents().ofWhole(position, seen) : null;
            long word = taking.take(slot, seen);
            if (word == Ring.NOT_YET) return null;
            if (word == 0) {
                long next = state.lookFrom(position);
                if (next < 0) return null;
                taking.goTo(next);
            } else if (isDeliverable(position, word)) {
                E message =
                        arrays == null
                                ? decode(
                                        position,
                                        whole == null ? contents(slot, position, word) : whole)
                                : decodeBytes(arrays, position, bytes(slot, position, word));
                state.contents().touch(slot, position, word);
                taking.owe(1);
                taking.finish(word);
                taking.note();
                taking.finished(position, 1);
                taking.tell();
                streak.add(1);
                return message;
            }
            slot = state.slotInPiece(taking.position());
            seen = state.word(taking.position());
        }
    }

    @Nullable Lease<E> lease(long deadlineNanos) throws InterruptedException {
        long position = await(deadlineNanos);
        if (position < 0) return null;
        int deliveries = state.deliveries(position);
        return new Lease<>(queue, position, decode(position), deliveries);
    }

    private long await(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        while (true) { // until there is one that was not delivered too often
            long position = state.take(deadlineNanos, true);
            if (position == QueueState.INTERRUPTED) throw new InterruptedException();
            if (position == Ring.ENDED) throw ended();
            if (position < 0 || isDeliverable(position, state.deliveries(position)))
                return position;
        }
    }

    private QueueClosedException ended() {
        return new QueueClosedException(
                "Nothing is left in "
                        + handle.describe()
                        + ": it was closed. Make another one to go on.");
    }

    private E received(long position) {
        E message = decode(position);
        state.contents().touch(position);
        state.owe(1);
        state.finish(position);
        state.signalFinished();
        return message;
    }

    private boolean isDeliverable(long position, long word) {
        return isDeliverable(position, QueueState.deliveriesOf(word));
    }

    private boolean isDeliverable(long position, int deliveries) {
        if (maxDeliveries == 0 || deliveries <= maxDeliveries) return true;
        bury(position);
        return false;
    }

    /* To the dead letters, if there is a place. */
    private boolean bury(long position) {
        boolean buried = false;
        try {
            if (deadLetters != null) {
                MemorySegment contents = sound(state.contents().toRead(position));
                buried = deadLetters.offer(contents.byteSize(), to -> to.copyFrom(contents));
            }
        } catch (RuntimeException | Error closedOrFull) {
            // then it is lost, which the caller says; nobody would finish those before it if this
            // threw
        } finally {
            state.finish(position);
            state.signalFinished();
        }
        return buried;
    }

    private E decode(long position) {
        return arrays == null
                ? decode(position, contents(position))
                : decodeBytes(arrays, position, bytes(position));
    }

    /* These two differ in what they are given alone: the JIT keeps a slice in registers only where it is one for certain. */
    private E decode(long position, MemorySegment contents) {
        boolean decided = false;
        try {
            E message = Objects.requireNonNull(codec.read(contents));
            decided = true;
            return message;
        } catch (RuntimeException | LinkageError | StackOverflowError problem) {
            decided = true;
            throw undecodable(bury(position), problem);
        } finally {
            if (!decided) state.giveBack(position); // see contents
        }
    }

    private E decodeBytes(ArrayCodec<E> codec, long position, byte[] bytes) {
        boolean decided = false;
        try {
            E message = Objects.requireNonNull(codec.fromBytes(bytes));
            decided = true;
            return message;
        } catch (RuntimeException | LinkageError | StackOverflowError problem) {
            decided = true;
            throw undecodable(bury(position), problem);
        } finally {
            if (!decided) state.giveBack(position); // see contents
        }
    }

    private MemorySegment contents(long position) {
        return contents(state.slotInPiece(position), position, state.word(position));
    }

    /* Told numbers, not what takes: see receiveFrom. */
    private MemorySegment contents(long slot, long position, long word) {
        boolean decided = false;
        try {
            MemorySegment contents = sound(state.contents().toRead(slot, position, word));
            decided = true;
            return contents;
        } catch (RuntimeException damaged) {
            decided = true;
            throw undecodable(bury(position), damaged);
        } finally {
            if (!decided)
                state.giveBack(position); // this JVM is at its end, perhaps another is not
        }
    }

    private byte[] bytes(long position) {
        return bytes(state.slotInPiece(position), position, state.word(position));
    }

    private byte[] bytes(long slot, long position, long word) {
        boolean decided = false;
        try {
            byte[] bytes = sound(state.contents().bytes(slot, position, word));
            decided = true;
            return bytes;
        } catch (RuntimeException damaged) {
            decided = true;
            throw undecodable(bury(position), damaged);
        } finally {
            if (!decided) state.giveBack(position); // see contents
        }
    }

    private static <T> T sound(@Nullable T contents) {
        if (contents != null) return contents;
        throw QueueContents.damaged();
    }

    private MessageDecodingException undecodable(boolean buried, Throwable problem) {
        return new MessageDecodingException(
                "A message of "
                        + handle.describe()
                        + " cannot be read by codec "
                        + codec.name()
                        + ": "
                        + problem
                        + ". It was "
                        + (buried ? "moved to the dead letters." : "thrown away.")
                        + " Check that its class is known here and is the same as where it was put.",
                problem);
    }

    int read(Consumer<MemorySegment> reader, int most) {
        Objects.requireNonNull(reader);
        int read = readThose(reader, most);
        if (read >= most || !streak.pausedAfterMany()) return read;
        return read + readThose(reader, most - read);
    }

    private int readThose(Consumer<MemorySegment> reader, int most) {
        int read = 0;
        int asked;
        int some;
        do { // until so many are read, or there is none
            asked = Math.min(most - read, QueueTaking.MOST);
            some = readSome(reader, asked);
            read += some;
        } while (some == asked && read < most);
        streak.add(read);
        return read;
    }

    /* As receiveIfThere. */
    private int readSome(Consumer<MemorySegment> reader, int most) {
        opening.requireOpen();
        QueueLook look = state.look();
        return most <= 0 || look.isUnpublished()
                ? 0
                : readFirst(
                        look.position(), look.slot(), look.word(), look.returns(), reader, most);
    }

    /* As receiveFrom: one message, and on to readFrom if there are more. */
    private int readFirst(
            long first,
            long slot,
            long seen,
            long returns,
            Consumer<MemorySegment> reader,
            int most) {
        QueueTaking taking = state.taking(first, returns);
        MemorySegment whole = state.contents().ofWhole(first, seen);
        long word = taking.take(slot, seen);
        if (word == Ring.NOT_YET) return 0;
        if (word == 0 || !isDeliverable(first, word))
            return readFrom(first, taking.position(), returns, reader, 0, most);
        Throwable problem =
                whole == null
                        ? readUnlessProblem(reader, contentsOrProblem(slot, first, word), first)
                        : read(reader, whole, first);
        if (problem == null) {
            state.contents().touch(slot, first, word);
            taking.owe(1);
            taking.finish(word);
            if (most > 1 && !state.isUnpublished(first + 1))
                return readFrom(first, first + 1, returns, reader, 1, most);
        }
        taking.note();
        taking.finished(first, problem == null ? 1 : 0);
        taking.tell();
        if (problem != null) QueueReceiver.<RuntimeException>throwAsIs(problem);
        return 1;
    }

    /* The same, from the second on or where one has to look on. */
    private int readFrom(
            long first,
            long second,
            long returns,
            Consumer<MemorySegment> reader,
            int before,
            int most) {
        QueueTaking taking = state.taking(second, returns);
        boolean owesAlone = taking.owesAlone();
        Throwable problem = null;
        int read = before;
        while (read < most) {
            long position = taking.position();
            long word = taking.take();
            if (word == Ring.NOT_YET) break;
            if (word == 0) {
                long next = state.lookFrom(position);
                if (next < 0) break;
                taking.goTo(next);
            } else if (isDeliverable(position, word)) {
                problem =
                        readUnlessProblem(
                                reader, contentsOrProblem(taking.slot(), position, word), position);
                if (problem != null) break;
                state.contents().touch(taking.slot(), position, word);
                if (owesAlone || read == 0) taking.owe(1);
                else if (read == 1) taking.owe(most - 1);
                taking.finish(word);
                read++;
            }
        }
        boolean hasMoved = taking.position() != first;
        if (hasMoved) taking.note();
        taking.finished(first, read);
        if (!owesAlone && read > 1 && read < most) state.oweLess(most - read);
        if (hasMoved) taking.tell();
        if (problem != null) QueueReceiver.<RuntimeException>throwAsIs(problem);
        return read;
    }

    /* A message whose contents cannot be reached is gone, or given back. */
    private Object contentsOrProblem(long slot, long position, long word) {
        try {
            return contents(slot, position, word);
        } catch (Throwable problem) {
            return problem;
        }
    }

    private @Nullable Throwable readUnlessProblem(
            Consumer<MemorySegment> reader, Object contents, long position) {
        return contents instanceof MemorySegment message
                ? read(reader, message, position)
                : (Throwable) contents;
    }

    /* Answers what was thrown. */
    private @Nullable Throwable read(
            Consumer<MemorySegment> reader, MemorySegment contents, long position) {
        try {
            reader.accept(contents);
            return null;
        } catch (Throwable problem) {
            state.giveBack(position);
            return problem;
        }
    }

    @SuppressWarnings("unchecked") // the caller need not know which it is
    private static <T extends Throwable> void throwAsIs(Throwable problem) throws T {
        throw (T) problem;
    }

    int drainTo(Collection<? super E> to, int most) {
        long[] positions = new long[Math.clamp(most, 0, QueueTaking.MOST)];
        long[] words = new long[positions.length];
        int drained = 0;
        int taken;
        do { // until so many are taken, or there is none
            taken = drainSome(to, positions, words, Math.min(most - drained, positions.length));
            drained += taken;
        } while (taken > 0 && drained < most);
        return drained;
    }

    /* Those that were added are gone after the last was: if the process dies before, all of them are delivered again. */
    private int drainSome(Collection<? super E> to, long[] positions, long[] words, int most) {
        opening.requireOpen();
        QueueLook look = state.look();
        if (look.isUnpublished()) return 0;
        long first = look.position();
        QueueTaking taking = state.taking(first, look.returns());
        int added = 0;
        try {
            while (added < most) {
                long position = taking.position();
                long word = taking.take();
                if (word == Ring.NOT_YET) break;
                if (word == 0) {
                    long next = state.lookFrom(position);
                    if (next < 0) break;
                    taking.goTo(next);
                } else if (isDeliverable(position, word)) {
                    E message =
                            arrays == null
                                    ? decode(position, contents(taking.slot(), position, word))
                                    : decodeBytes(
                                            arrays, position, bytes(taking.slot(), position, word));
                    add(to, message, position);
                    positions[added] = position;
                    words[added++] = word;
                }
            }
        } finally {
            if (taking.hasMoved()) taking.note();
            if (added > 0) taking.owe(added);
            for (int i = 0; i < added; i++) {
                state.contents().touch(state.slotInPiece(positions[i]), positions[i], words[i]);
                taking.finish(positions[i], words[i]);
            }
            taking.finished(first, added);
            if (taking.hasMoved()) taking.tell();
        }
        return added;
    }

    private void add(Collection<? super E> to, E message, long position) {
        boolean done = false;
        try {
            to.add(message);
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
    }

    /** Takes all messages that are there now, unread. */
    void discardAll() {
        for (int i = state.capacity(); i > 0; i--) { // those that come meanwhile stay
            long position = state.take();
            if (position < 0) return;
            state.finish(position);
            state.signalFinished();
        }
    }
}
