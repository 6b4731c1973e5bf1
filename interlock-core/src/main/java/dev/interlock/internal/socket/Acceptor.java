package dev.interlock.internal.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Listens, lets clients prove who they are, each beside the others, and keeps those who did until they are asked for. */
public final class Acceptor {
    /*
     * Bounds      A client has SECONDS to prove itself. Of those who have not yet, MOST_STRANGERS at a time: the oldest goes when one more
     *             comes. Of those who did and were not asked for, MOST_READY: more are refused. Another user's is refused at once.
     */
    private static final long SECONDS = 5;
    private static final int MOST_STRANGERS = 64;
    private static final int MOST_READY = 64;
    private static final int STACK_BYTES = 256 << 10;
    private static final long PAUSE_MILLIS = 20; // when there are no descriptors left

    private final SocketFile file;
    private final byte[] key;
    private final Watch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Stranger> strangers = new ArrayDeque<>(); // guarded by lock
    private final Deque<MessageSocket> ready = new ArrayDeque<>(); // guarded by lock
    private final Set<Runnable> bells = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean closed; // written under lock

    private Acceptor(SocketFile file, byte[] key) throws IOException {
        this.file = file;
        this.key = key;
        this.watch = new Watch(file.channel());
    }

    /**
     * Begins to listen.
     *
     * @throws dev.interlock.ConnectionFailedException if that is not possible there
     */
    public static Acceptor open(Path path, byte[] key) {
        SocketFile file = SocketFile.open(path);
        try {
            Acceptor acceptor = new Acceptor(file, key.clone());
            acceptor.startThread("interlock-listener", acceptor::listen);
            return acceptor;
        } catch (IOException e) {
            file.close();
            throw new dev.interlock.ConnectionFailedException(
                    "Cannot listen at '" + path + "': " + e);
        }
    }

    private record Stranger(SocketChannel channel, Watch watch) {
        void close() {
            Sockets.close(channel);
            watch.run(); // the thread that talks with it
        }
    }

    private void startThread(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, STACK_BYTES, false);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!closed) { // until closed
            try {
                SocketChannel client = file.channel().accept();
                if (client == null) watch.await(SelectionKey.OP_ACCEPT, Watch.NEVER);
                else meet(client);
            } catch (IOException | OutOfMemoryError e) {
                pause();
            } catch (InterruptedException e) {
                // somebody found this thread, which goes on
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            // as in listen
        }
    }

    private void meet(SocketChannel client) {
        Stranger stranger = null;
        boolean met = false;
        try {
            if (!Peer.isMine(client)) return;
            stranger = new Stranger(client, new Watch(client));
            Stranger known = stranger;
            enter(known);
            startThread("interlock-handshake", () -> authenticate(known));
            met = true;
        } catch (IOException gone) {
            // then there is nobody to meet
        } finally {
            if (!met) refuse(client, stranger);
        }
    }

    private void enter(Stranger client) {
        Stranger oldest = null;
        lock.lock();
        try {
            strangers.add(client);
            if (strangers.size() > MOST_STRANGERS) oldest = strangers.poll();
        } finally {
            lock.unlock();
        }
        if (oldest != null) oldest.close(); // its thread counts it
    }

    private void authenticate(Stranger client) {
        boolean done = false;
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            Handshake handshake = new Handshake(client.channel, client.watch, key, deadline);
            handshake.listen();
            done = keep(handshake, client);
        } catch (IOException | TimeoutException | InterruptedException e) {
            // it did not prove who it is
        } finally {
            if (!done) refuse(client.channel, client);
        }
    }

    private void refuse(SocketChannel client, @Nullable Stranger known) {
        lock.lock();
        try {
            if (known != null) strangers.remove(known);
        } finally {
            lock.unlock();
        }
        Sockets.close(client);
        refused.incrementAndGet();
    }

    /* It is welcome only when it has a place. */
    private boolean keep(Handshake handshake, Stranger client)
            throws IOException, InterruptedException, TimeoutException {
        lock.lock();
        try {
            if (closed || ready.size() == MOST_READY) return false;
            handshake.welcome(); // a byte, for which there is room
            strangers.remove(client);
            ready.add(new MessageSocket(client.channel, client.watch));
            changed.signal();
        } finally {
            lock.unlock();
        }
        bells.forEach(Runnable::run);
        return true;
    }

    /**
     * A client that has proved itself, waiting for one if need be.
     *
     * @return null if the time ran out, or it is closed
     */
    public @Nullable MessageSocket accept(long deadlineNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ready.isEmpty() && !closed) { // until there is one, or there will be none
                if (deadlineNanos == Watch.NEVER) {
                    changed.await();
                } else {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0) return null;
                    changed.awaitNanos(left);
                }
            }
            return ready.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #accept} would not wait. */
    public boolean isReady() {
        lock.lock();
        try {
            return closed || !ready.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Has the bell run when a client is there, or it is closed. */
    public void addBell(Runnable bell) {
        bells.add(bell);
    }

    /** Undoes {@link #addBell}. */
    public void removeBell(Runnable bell) {
        bells.remove(bell);
    }

    /** How many clients did not get in. */
    public long refused() {
        return refused.get();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Listens no more. Clients that were not accepted see the end. */
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            strangers.forEach(Stranger::close);
            ready.forEach(MessageSocket::close);
            ready.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        file.close();
        watch.run();
        bells.forEach(Runnable::run);
    }
}
