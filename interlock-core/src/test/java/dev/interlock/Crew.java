package dev.interlock;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Threads that do what a test tells them: in this JVM, or spread over two children. A contract test that uses one runs the same for
 * threads and for processes. Tasks are lambdas that capture nothing but handles and other serializable values.
 */
final class Crew implements AutoCloseable {
    private static final Duration WATCHDOG = Duration.ofSeconds(60);
    private static final int CHILDREN = 2;
    private static final int MOST_CREWS = 30; // as a child keeps the regions of all crews open
    private static final AtomicInteger HIRED = new AtomicInteger();

    /** Children whose crew was closed, for the next one: starting one takes long. Guarded by itself. */
    private static final Deque<Host> IDLE = new ArrayDeque<>();

    /** Where its threads run. */
    enum Place {
        THREADS,
        VIRTUAL_THREADS,
        PROCESSES
    }

    private final Place place;
    private final List<Host> hosts = new ArrayList<>();
    private int hired;

    Crew(Place place) {
        this.place = place;
    }

    /** A new thread, which waits for things to do. With processes, every other one is in the same process. */
    synchronized Actor hire() {
        int number = HIRED.getAndIncrement();
        if (place != Place.PROCESSES) return new LocalActor(place, "actor-" + number);
        if (hosts.size() < CHILDREN) hosts.add(idleOrNew());
        return new RemoteActor(hosts.get(hired++ % CHILDREN), number);
    }

    private static Host idleOrNew() {
        synchronized (IDLE) {
            return IDLE.isEmpty() ? new Host() : IDLE.pop();
        }
    }

    @Override
    public synchronized void close() {
        for (Host host : hosts) {
            if (host.mayServeAnotherCrew()) {
                synchronized (IDLE) {
                    IDLE.add(host);
                }
            } else {
                host.close();
            }
        }
    }

    /** Ends the children that no crew of a test class needs any more: other tests count processes. */
    static final class Dismissal implements AfterAllCallback {
        @Override
        public void afterAll(ExtensionContext context) {
            synchronized (IDLE) {
                IDLE.forEach(Host::close);
                IDLE.clear();
            }
        }
    }

    /** One thread. What it is told to do it does in this order. */
    abstract static class Actor {
        /** Begins, and does not wait for the end. */
        abstract <T extends @Nullable Object> Promise<T> start(Task<T> task);

        /** Begins, and does not wait for the end. */
        final Promise<@Nullable Void> begin(Action action) {
            return start(() -> {
                action.run();
                return null;
            });
        }

        /** Does it, and waits for the end. */
        final <T extends @Nullable Object> T call(Task<T> task) throws Exception {
            return start(task).join();
        }

        /** Does it, and waits for the end. */
        final void run(Action action) throws Exception {
            begin(action).join();
        }

        /** Interrupts the thread, and returns when that is done. */
        abstract void interrupt();

        /** Kills the process that the thread belongs to, as {@code kill -9} does; of a crew of processes only. */
        abstract void killProcess() throws InterruptedException;
    }

    /** What an actor is doing. */
    static final class Promise<T extends @Nullable Object> {
        private final CompletableFuture<T> future;

        private Promise(CompletableFuture<T> future) {
            this.future = future;
        }

        boolean isDone() {
            return future.isDone();
        }

        /** Its result; what it threw is thrown. */
        T join() throws Exception {
            try {
                return future.get(WATCHDOG.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) throw cause;
                throw (Error) e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("not done within " + WATCHDOG, e);
            }
        }
    }

    private static final class LocalActor extends Actor {
        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final Thread thread;

        LocalActor(Place place, String name) {
            Thread.Builder builder =
                    place == Place.THREADS
                            ? Thread.ofPlatform().daemon().name(name)
                            : Thread.ofVirtual().name(name);
            thread = builder.start(this::work);
        }

        private void work() {
            while (true) { // as long as the JVM
                try {
                    Runnable task = tasks.take();
                    Thread.interrupted(); // it may have come as the queue was about to answer
                    task.run();
                } catch (InterruptedException e) {
                    // it came when the task was over
                }
            }
        }

        @Override
        <T extends @Nullable Object> Promise<T> start(Task<T> task) {
            var future = new CompletableFuture<T>();
            tasks.add(() -> complete(future, task));
            return new Promise<>(future);
        }

        @Override
        void interrupt() {
            thread.interrupt();
        }

        @Override
        void killProcess() {
            throw new UnsupportedOperationException("it is this one");
        }
    }

    private static <T extends @Nullable Object> void complete(
            CompletableFuture<T> future, Task<T> task) {
        try {
            future.complete(task.call());
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    private static final class RemoteActor extends Actor {
        private final Host host;
        private final int number;

        RemoteActor(Host host, int number) {
            this.host = host;
            this.number = number;
        }

        @Override
        <T extends @Nullable Object> Promise<T> start(Task<T> task) {
            return new Promise<>(host.start(number, task));
        }

        @Override
        void interrupt() {
            host.start(number, null).join();
        }

        @Override
        void killProcess() throws InterruptedException {
            host.kill();
        }
    }

    /** To a child: do this, or, if it is null, be interrupted. From a child: this is done. */
    private record Message(int actor, long id, @Nullable Object content) implements Serializable {}

    private record Failure(Throwable failure) implements Serializable {}

    /** A child JVM and the connection with it. */
    private static final class Host implements AutoCloseable {
        private static final AtomicInteger MADE = new AtomicInteger();
        private final ChildProcess<Void> child;
        private final SocketChannel channel;
        private final DataOutputStream out;
        private final Map<Long, CompletableFuture<Object>> pending = new ConcurrentHashMap<>();
        private long ids; // guarded by this
        private int crews;

        Host() {
            try {
                Path socket =
                        Files.createTempDirectory("crew").resolve("s" + MADE.incrementAndGet());
                try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    server.bind(UnixDomainSocketAddress.of(socket));
                    String path = socket.toString();
                    child = ChildProcess.of(() -> serve(path)).jvmOptions(options()).start();
                    channel = server.accept();
                } finally {
                    Files.deleteIfExists(socket);
                    Files.delete(socket.getParent());
                }
                out = new DataOutputStream(Channels.newOutputStream(channel));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofPlatform().daemon().name("crew-reader").start(this::read);
        }

        private static String[] options() {
            return System.getProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith("interlock."))
                    .map(name -> "-D" + name + "=" + System.getProperty(name))
                    .toArray(String[]::new);
        }

        @SuppressWarnings("unchecked") // what the task answers is what its promise gives
        synchronized <T extends @Nullable Object> CompletableFuture<T> start(
                int actor, @Nullable Task<T> task) {
            long id = ids++;
            var future = new CompletableFuture<Object>();
            pending.put(id, future);
            send(new Message(actor, id, task));
            return (CompletableFuture<T>) future;
        }

        synchronized void send(Message message) {
            try {
                write(out, message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read() {
            try (var in = new DataInputStream(Channels.newInputStream(channel))) {
                while (true) { // until the child ends
                    Message answer = Crew.read(in);
                    CompletableFuture<Object> future = pending.remove(answer.id());
                    if (future == null) continue;
                    if (answer.content() instanceof Failure f)
                        future.completeExceptionally(f.failure());
                    else future.complete(answer.content());
                }
            } catch (IOException | ClassNotFoundException e) {
                pending.values().forEach(future -> future.completeExceptionally(e));
            }
        }

        /** Unless it was killed, or somebody of the crew is still busy. */
        boolean mayServeAnotherCrew() {
            return ++crews < MOST_CREWS && pending.isEmpty() && child.isAlive();
        }

        void kill() throws InterruptedException {
            child.kill();
            child.join();
        }

        @Override
        public void close() {
            child.kill();
            try {
                child.join();
                channel.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /* In the child. */
    private static void serve(String path) throws Exception {
        Map<Integer, LocalActor> actors = new HashMap<>();
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        var in = new DataInputStream(Channels.newInputStream(channel));
        LinkedBlockingQueue<Message> answers = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("crew-writer").start(() -> answer(channel, answers));
        while (true) { // until killed
            Message message = read(in);
            LocalActor actor =
                    actors.computeIfAbsent(
                            message.actor(), n -> new LocalActor(Place.THREADS, "actor-" + n));
            Task<?> task = (Task<?>) message.content();
            if (task == null) {
                actor.interrupt();
                answers.add(new Message(message.actor(), message.id(), null));
                continue;
            }
            actor.start(() -> {
                Object content;
                try {
                    content = task.call();
                } catch (Throwable e) {
                    content = new Failure(e);
                }
                answers.add(new Message(message.actor(), message.id(), content));
                return null;
            });
        }
    }

    /* In a thread that nobody interrupts, as that would close the channel. */
    private static void answer(SocketChannel channel, LinkedBlockingQueue<Message> answers) {
        var out = new DataOutputStream(Channels.newOutputStream(channel));
        try {
            while (true) write(out, answers.take()); // until killed
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e); // the parent is gone
        }
    }

    private static void write(DataOutputStream out, Message message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(message);
        }
        out.writeInt(bytes.size());
        bytes.writeTo(out);
        out.flush();
    }

    private static Message read(DataInputStream in) throws IOException, ClassNotFoundException {
        byte[] bytes = in.readNBytes(in.readInt());
        try (var objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (Message) objects.readObject();
        }
    }
}
