package dev.interlock;

import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.QueueLayout;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of messages between threads of all processes, first in, first out: any number may put, any number may take, each
 * message goes to one of them. As {@link java.util.concurrent.ArrayBlockingQueue}, and Python's {@code JoinableQueue}.
 *
 * <p>A message is turned into bytes by the queue's {@link Codec} before it is put, and into a new object when it is taken. When a put
 * returns, the message is visible to every process. There is no helper thread.
 *
 * <p><b>Death.</b> A process may be killed at any instruction. What it was putting is in the queue whole or not at all. What it was
 * taking, or had in a {@link Lease}, is delivered again before all that came after it, or is gone if the queue was made with
 * {@link QueueOptions#dropping()}. What {@link #take()} has returned is gone from the queue. Nobody else waits for the dead.
 *
 * <p><b>Order.</b> Messages are taken in the order in which their places were claimed, so those of one thread in the order of its puts;
 * only what was given back or redelivered comes late. What a thread did before it put a message happens-before what follows the taking
 * of that message, in whatever process. Who waits is not served in any order. A process that is stopped, not dead, while it
 * copies a message into the queue holds up those who take what comes after it. A message that is being read, in a lease above all,
 * keeps its place, and when the queue has come round to it, nothing can be put before it is done with. That a place is free
 * may be seen by others a moment after a message was taken. Who waits for one, or in {@link #join()}, goes on two milliseconds
 * later at worst; but who was refused by {@code offer} and then says so in a variable of its own may be missed by a thread that
 * takes a message and looks at that variable right after.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. Virtual threads wait without holding a carrier. All
 * methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also those that are
 * waiting then. Null is refused with a {@link NullPointerException}, a message that is larger than the queue was made for with an
 * {@link IllegalArgumentException}, one that cannot be turned into bytes with what the codec throws; and where the region has no room
 * for a large one at all, with a {@link RegionFullException}: the queue is as before then. A method that takes a message which cannot
 * be turned into an object throws {@link MessageDecodingException}.
 *
 * @param <E> the messages
 */
public final class SharedQueue<E> extends SharedObject implements BlockingQueue<E>, Waitable {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient QueueState state;
    private final transient Codec<E> codec;
    private final transient QueueSender<E> sender;
    private final transient QueueReceiver<E> receiver;

    SharedQueue(Handle handle, Messages<E> messages) {
        super(handle);
        this.region = handle.region();
        this.state = region.queue(handle.payload());
        this.codec = messages.codec;
        this.sender = new QueueSender<>(handle, state, codec);
        this.receiver = new QueueReceiver<>(this, state, messages);
    }

    /**
     * Puts a message, waiting for a place if need be.
     *
     * @param message to be put
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is put then
     * @throws QueueClosedException if the queue is closed, also while this waits
     */
    @Override
    public void put(E message) throws InterruptedException {
        sender.send(message, Words.NEVER);
    }

    /**
     * Puts a message if there is a place. Never waits for one, but for some microseconds when the queue is full and others are taking.
     *
     * @param message to be put
     * @return whether it was put; false if the queue is full
     * @throws QueueClosedException if the queue is closed
     */
    @Override
    public boolean offer(E message) {
        return sender.offer(message);
    }

    /**
     * Puts a message, waiting for a place at most that long.
     *
     * @param message to be put
     * @param time how long; zero or less tries once
     * @param unit of {@code time}
     * @return whether it was put; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is put then
     * @throws QueueClosedException if the queue is closed, also while this waits
     */
    @Override
    public boolean offer(E message, long time, TimeUnit unit) throws InterruptedException {
        return sender.send(message, deadline(unit.toNanos(time)));
    }

    /**
     * Puts a message, waiting for a place at most that long; see {@link #offer(Object, long, TimeUnit)}.
     *
     * @param message to be put
     * @param timeout how long; zero or less tries once
     * @return whether it was put; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is put then
     * @throws QueueClosedException if the queue is closed, also while this waits
     */
    public boolean offer(E message, Duration timeout) throws InterruptedException {
        return sender.send(message, deadline(Timeouts.toNanos(timeout)));
    }

    private static long deadline(long nanos) {
        return Timeouts.deadline(Math.max(0, nanos));
    }

    /**
     * Puts a message if there is a place.
     *
     * @param message to be put
     * @return true
     * @throws IllegalStateException if the queue is full
     * @throws QueueClosedException if the queue is closed
     */
    @Override
    public boolean add(E message) {
        if (offer(message)) return true;
        throw new IllegalStateException(
                handle.describe() + " is full. Use put to wait for a place.");
    }

    /**
     * Puts messages, one after the other, waiting for places if need be. Cheaper than putting each: up to 32 small ones, as there
     * are places, get theirs in one step. Those come to be in one step, too: if the process dies, all of them are in the queue or none.
     * Others may put theirs in between such runs.
     *
     * @param messages to be put
     * @throws InterruptedException if interrupted, on entry or while waiting; the first ones may have been put then
     * @throws QueueClosedException if the queue is closed, also while this waits; the same
     */
    public void putAll(Collection<? extends E> messages) throws InterruptedException {
        sender.sendAll(messages);
    }

    /**
     * Puts a message that a writer writes straight into the queue, if there is a place. While it writes, no message that comes later
     * can be taken; so it had better not wait for anything.
     *
     * @param bytes the message's size
     * @param writer is given the message's memory, which it must not touch any more when it has returned. What it throws is thrown,
     *     and nothing is put then
     * @return whether it was put; false if the queue is full
     * @throws QueueClosedException if the queue is closed
     */
    public boolean offer(long bytes, Consumer<MemorySegment> writer) {
        return sender.offer(bytes, writer);
    }

    /**
     * Takes the first message, waiting for one if need be.
     *
     * @return the message
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is taken then
     * @throws QueueClosedException if the queue is closed and all messages are gone, also while this waits
     */
    @Override
    public E take() throws InterruptedException {
        return Objects.requireNonNull(
                receiver.receive(Words.NEVER)); // as there is no end to the time
    }

    /**
     * Takes the first message, waiting for one at most that long.
     *
     * @param time how long; zero or less tries once
     * @param unit of {@code time}
     * @return the message; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is taken then
     * @throws QueueClosedException if the queue is closed and all messages are gone, also while this waits
     */
    @Override
    public @Nullable E poll(long time, TimeUnit unit) throws InterruptedException {
        return receiver.receive(deadline(unit.toNanos(time)));
    }

    /**
     * Takes the first message, waiting for one at most that long; see {@link #poll(long, TimeUnit)}.
     *
     * @param timeout how long; zero or less tries once
     * @return the message; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is taken then
     * @throws QueueClosedException if the queue is closed and all messages are gone, also while this waits
     */
    public @Nullable E poll(Duration timeout) throws InterruptedException {
        return receiver.receive(deadline(Timeouts.toNanos(timeout)));
    }

    /**
     * Takes the first message if there is one. Never waits, but looks once more some microseconds later after many messages.
     *
     * @return the message; null if there is none
     */
    @Override
    public @Nullable E poll() {
        return receiver.receiveNow();
    }

    /**
     * Takes the first message if there is one, for a reader to read it straight from the queue. Never waits, as {@link #poll()}.
     *
     * @param reader is given the message's memory, to read only, and not when it has returned. If it throws, that is thrown, and the
     *     message can be taken again
     * @return whether there was a message
     */
    public boolean poll(Consumer<MemorySegment> reader) {
        return receiver.read(reader, 1) == 1;
    }

    /**
     * Takes messages that are there, in their order, for a reader to read each straight from the queue. Never waits, but when there are no
     * more after many, looks once more some microseconds later. Cheaper than one by one. Each is gone when the reader has returned from it, but who waits for room may be told of some together:
     * so a reader must not wait for one who puts.
     *
     * @param reader is given the memory of each message, to read only, and not when it has returned. If it throws, that is thrown,
     *     and this message can be taken again; those before it are gone
     * @param most how many at most; zero or less takes none
     * @return how many there were
     */
    public int poll(Consumer<MemorySegment> reader, int most) {
        return receiver.read(reader, most);
    }

    /**
     * Takes the first message for as long as it is processed, waiting for one if need be: if the process dies before it acknowledges
     * the message, another gets it.
     *
     * @return the message in a lease, to be ended
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is taken then
     * @throws QueueClosedException if the queue is closed and all messages are gone, also while this waits
     */
    public Lease<E> takeLease() throws InterruptedException {
        return Objects.requireNonNull(receiver.lease(Words.NEVER)); // the same
    }

    /**
     * Takes the first message for as long as it is processed, waiting for one at most that long; see {@link #takeLease()}.
     *
     * @param timeout how long; zero or less tries once
     * @return the message in a lease, to be ended; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is taken then
     * @throws QueueClosedException if the queue is closed and all messages are gone, also while this waits
     */
    public @Nullable Lease<E> pollLease(Duration timeout) throws InterruptedException {
        return receiver.lease(deadline(Timeouts.toNanos(timeout)));
    }

    void ack(long position) {
        state.finish(position);
        state.signalFinished();
    }

    void nack(long position) {
        state.giveBack(position);
    }

    /**
     * Takes all messages that are there, see {@link #drainTo(Collection, int)}.
     *
     * @param to where to add them
     * @return how many
     */
    @Override
    public int drainTo(Collection<? super E> to) {
        return drainTo(to, Integer.MAX_VALUE);
    }

    /**
     * Takes messages that are there. Never waits. If adding one fails, that one can be taken again.
     *
     * @param to where to add them
     * @param most how many at most
     * @return how many
     */
    @Override
    public int drainTo(Collection<? super E> to, int most) {
        Objects.requireNonNull(to);
        if (isThis(to))
            throw new IllegalArgumentException("A queue cannot be drained into itself.");
        return receiver.drainTo(to, most);
    }

    /**
     * Reports that a message which was taken before is dealt with. Messages from a lease are, when it is acknowledged.
     *
     * @throws IllegalStateException if all are
     */
    public void taskDone() {
        if (state.payDebt()) return;
        throw new IllegalStateException(
                "All messages taken from "
                        + handle.describe()
                        + " are done. Call taskDone once for each.");
    }

    /**
     * Waits until all messages that were put have been taken and reported done. What a process took and did not report when it died
     * counts as done.
     *
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public void join() throws InterruptedException {
        awaitDone(Words.NEVER);
    }

    /**
     * The same, waiting at most that long.
     *
     * @param timeout how long; zero or less looks once
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws TimeoutException if the time ran out
     */
    public void join(Duration timeout) throws InterruptedException, TimeoutException {
        long result = awaitDone(deadline(Timeouts.toNanos(timeout)));
        if (result == QueueState.TIMED_OUT)
            throw new TimeoutException(
                    state.undone() + " messages of " + handle.describe() + " are not done.");
    }

    private long awaitDone(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        long result = state.awaitDone(deadlineNanos);
        if (result == QueueState.INTERRUPTED) throw new InterruptedException();
        return result;
    }

    /**
     * Closes the queue, for all processes and for ever: nothing more can be put, what is in it can be taken. Who waits for a place is
     * told at once; who waits for a message, when there will be none. Does nothing if it is closed.
     */
    public void close() {
        state.close();
    }

    /**
     * Whether the queue was closed. There may be messages in it.
     *
     * @return whether it was
     */
    public boolean isClosed() {
        return state.isClosed();
    }

    /**
     * The first message, which stays where it is.
     *
     * @return the message; null if there is none
     */
    @Override
    public @Nullable E peek() {
        while (true) { // until one was read before it was taken
            long position = state.first();
            if (position < 0) return null;
            long word = state.wordOfMessage(position);
            MemorySegment copy = word == 0 ? null : state.copy(position, word);
            if (copy != null) return codec.read(copy.asReadOnly());
        }
    }

    /**
     * How many messages can be taken, at this moment.
     *
     * @return their number; exact when nobody uses the queue meanwhile
     */
    @Override
    public int size() {
        return state.size();
    }

    /**
     * Whether no message can be taken, at this moment.
     *
     * @return whether the queue is empty
     */
    @Override
    public boolean isEmpty() {
        return state.first() < 0 && state.size() == 0;
    }

    /**
     * How many more messages there is place for. Those that somebody is reading take theirs.
     *
     * @return their number; exact when nobody uses the queue meanwhile
     */
    @Override
    public int remainingCapacity() {
        return state.free();
    }

    /**
     * The queue's places, to wait with {@link WaitSet} until something can be put. The queue itself is waited for until something
     * can be taken.
     *
     * @return what to wait for
     */
    public QueueRoom<E> room() {
        return new QueueRoom<>(this);
    }

    Readiness readiness() {
        return readiness(QueueLayout.ITEMS, state::announceItems);
    }

    Readiness roomReadiness() {
        return readiness(QueueLayout.SPACE, state::announceSpace);
    }

    private Readiness readiness(int signal, IntSupplier announce) {
        return new QueueReadiness(region, handle.payload(), state, signal, announce);
    }

    /**
     * What can be seen of the queue without disturbing anybody. Looks at each of its places, so do not ask at every message.
     *
     * @return how full it is, how old the first message is, how many went through, who has some, and so on
     */
    public QueueStatistics statistics() {
        long first = state.first();
        long age = first < 0 ? 0 : System.currentTimeMillis() - state.sinceMillis(first);
        int messages = state.size();
        int leased = state.reading();
        long put = state.end();
        return new QueueStatistics(
                state.capacity(),
                messages,
                leased,
                state.undone(),
                Duration.ofMillis(Math.max(0, age)),
                put,
                Math.max(0, put - messages - leased),
                System.nanoTime(),
                users(),
                state.isClosed());
    }

    private List<QueueUser> users() {
        int[] writing = state.writing();
        int[] reading = state.readingBySlot();
        List<QueueUser> users = new ArrayList<>();
        for (int slot = 0; slot < writing.length; slot++) {
            long taken = state.owed(slot);
            if (writing[slot] != 0 || reading[slot] != 0 || taken != 0)
                users.add(new QueueUser(region.process(slot), writing[slot], reading[slot], taken));
        }
        return users;
    }

    /**
     * The messages in their order, as copies: nothing is taken. Shows what was there when it was made; a message that is taken
     * meanwhile may be shown or not, none is shown twice, and what comes later is not shown. {@link Iterator#remove()} takes the message out if it is still there.
     *
     * @return the iterator
     */
    @Override
    public Iterator<E> iterator() {
        return new QueueIterator<>(state, codec);
    }

    /**
     * Whether an equal message is in the queue; arrays are equal if their contents are.
     *
     * @param message to compare with
     * @return whether there is one
     */
    @Override
    public boolean contains(@Nullable Object message) {
        for (E other : this) if (Objects.deepEquals(message, other)) return true;
        return false;
    }

    /**
     * Takes an equal message out of the queue, wherever it stands; arrays are equal if their contents are.
     *
     * @param message to compare with
     * @return whether there was one
     */
    @Override
    public boolean remove(@Nullable Object message) {
        for (var i = new QueueIterator<>(state, codec); i.hasNext(); )
            if (Objects.deepEquals(message, i.next()) && i.removeIfThere()) return true;
        return false;
    }

    /** Takes all messages out of the queue that are there now. */
    @Override
    public void clear() {
        receiver.discardAll();
    }

    /* By whatever handle. */
    private boolean isThis(Collection<?> other) {
        return other instanceof SharedQueue<?> queue && handle.refersTo(queue.handle);
    }

    /* Methods of collections that stand on others. */
    private Collection<E> view() {
        return new AbstractQueue<>() {
            @Override
            public Iterator<E> iterator() {
                return SharedQueue.this.iterator();
            }

            @Override
            public int size() {
                return SharedQueue.this.size();
            }

            @Override
            public boolean offer(E message) {
                return SharedQueue.this.offer(message);
            }

            @Override
            public boolean contains(@Nullable Object message) {
                return SharedQueue.this.contains(message);
            }

            @Override
            public @Nullable E poll() {
                return SharedQueue.this.poll();
            }

            @Override
            public @Nullable E peek() {
                return SharedQueue.this.peek();
            }
        };
    }

    /**
     * Takes the first message.
     *
     * @return the message
     * @throws java.util.NoSuchElementException if there is none
     */
    @Override
    public E remove() {
        return present(poll());
    }

    /**
     * The first message, which stays where it is.
     *
     * @return the message
     * @throws java.util.NoSuchElementException if there is none
     */
    @Override
    public E element() {
        return present(peek());
    }

    private E present(@Nullable E message) {
        if (message != null) return message;
        throw new java.util.NoSuchElementException(
                handle.describe() + " is empty. Use take to wait.");
    }

    @Override
    public Object[] toArray() {
        return view().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return view().toArray(array);
    }

    @Override
    public boolean containsAll(Collection<?> messages) {
        return view().containsAll(messages);
    }

    @Override
    public boolean addAll(Collection<? extends E> messages) {
        if (isThis(messages))
            throw new IllegalArgumentException("A queue cannot be added to itself.");
        return view().addAll(messages);
    }

    @Override
    public boolean removeAll(Collection<?> messages) {
        Objects.requireNonNull(messages);
        return view().removeAll(messages);
    }

    @Override
    public boolean retainAll(Collection<?> messages) {
        Objects.requireNonNull(messages);
        return view().retainAll(messages);
    }

    @Override
    String state() {
        String closed = state.isClosed() ? ", closed" : "";
        return ", " + state.size() + " of " + state.capacity() + " messages" + closed;
    }
}
