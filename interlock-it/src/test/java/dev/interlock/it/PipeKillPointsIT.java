package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Connection;
import dev.interlock.ConnectionClosedException;
import dev.interlock.Pipe;
import dev.interlock.PipeOptions;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed before every single step of sending, receiving and closing, of receiving an end of a pipe itself, and of sweeping
 * for one that had an end: messages are whole, in order, not lost but for one that goes in pieces, and everybody sees the end.
 */
class PipeKillPointsIT {
    private static final int CAPACITY = 256;
    private static final String SMALL = "victim's";
    private static final String LARGE = "v".repeat(CAPACITY - 16); // goes in pieces

    /** In which ends of pipes get to the victim. */
    private static SharedQueue<Connection> ends(Region region) {
        return region.queue("ends", QueueOptions.capacity(1));
    }

    static final class Verbs {
        private interface Operation {
            void run(Connection connection) throws Exception;
        }

        private static void run(Child me, Operation operation) throws Exception {
            Connection connection = ends(me.open("r")).take();
            me.armHere();
            operation.run(connection);
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void send(Child me) throws Exception {
            run(me, connection -> connection.send(SMALL));
        }

        static void sendLarge(Child me) throws Exception {
            run(me, connection -> connection.send(LARGE));
        }

        static void receive(Child me) throws Exception {
            run(me, Connection::recv);
        }

        static void end(Child me) throws Exception {
            run(me, Connection::close);
        }

        static void arrive(Child me) throws Exception {
            SharedQueue<Connection> ends = ends(me.open("r"));
            me.armHere();
            ends.take();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        /** Receives all there is when it is told to, and tells. */
        static void survive(Child me) throws Exception {
            Region region = me.open("r");
            Pipe pipe = Pipe.oneWay(region, PipeOptions.defaults().capacity(CAPACITY));
            ends(region).put(pipe.second());
            pipe.second().close();
            me.say("there");
            me.hear();
            try {
                while (true) me.say(pipe.first().recv()); // until the end
            } catch (ConnectionClosedException end) {
                me.say("end");
            }
        }

        /** Has an end, has another on its way, has sent a message, and is in the middle of one. */
        static void haveHandsFull(Child me) throws Exception {
            Region region = me.open("r");
            Connection connection = ends(region).take();
            ends(region).put(connection);
            Thread.ofPlatform().daemon().start(() -> sayWhenAwaited(me, region));
            connection.send(SMALL);
            connection.send(LARGE.repeat(3));
        }

        private static void sayWhenAwaited(Child me, Region region) {
            while (!QueueKillPointsIT.isAwaited(region)) LockSupport.parkNanos(1_000_000);
            me.say("there");
        }

        /** If it can be taken again, that is done, and it is closed; in a process of its own, since a connection's region stays open. */
        static void takeBack(Child me) throws Exception {
            Connection again = ends(me.open("r")).poll(Duration.ZERO);
            if (again != null) again.close();
            me.say(again == null ? "nothing" : "taken");
        }
    }

    /** A thread of this process that receives all there is, until the end. */
    private static final class Receiver {
        private final Connection connection;
        private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final Thread thread;

        Receiver(Connection connection) {
            this.connection = connection;
            this.thread = Thread.ofPlatform().daemon().name("receiver").start(this::work);
        }

        private void work() {
            try {
                while (true) received.add(connection.recv()); // until the end
            } catch (ConnectionClosedException end) {
                // as it is to be
            } catch (InterruptedException | RuntimeException e) {
                received.add(e.toString());
            }
        }

        List<Object> join() throws Exception {
            Await.until("the receiver sees the end", () -> !thread.isAlive());
            thread.join();
            return new ArrayList<>(received);
        }
    }

    /** A one-way pipe of which the victim gets an end. */
    private abstract static class Playing implements Scenario {
        final Map<Case, Pipe> pipes = new ConcurrentHashMap<>();
        final Map<Case, Region> regions = new ConcurrentHashMap<>();

        Pipe pipe(Case scene) {
            return requireNonNull(pipes.get(scene));
        }

        @Override
        public void before(Case scene) throws Exception {
            Region region = scene.join("r");
            regions.put(scene, region);
            Pipe pipe = Pipe.oneWay(region, PipeOptions.defaults().capacity(CAPACITY));
            pipes.put(scene, pipe);
        }

        void give(Case scene, Connection connection) throws Exception {
            ends(requireNonNull(regions.get(scene))).put(connection);
        }
    }

    /** The victim has the end that sends; a thread of this process receives. */
    private static class VictimSends extends Playing {
        private final Map<Case, Receiver> receivers = new ConcurrentHashMap<>();

        @Override
        public void before(Case scene) throws Exception {
            super.before(scene);
            receivers.put(scene, new Receiver(pipe(scene).first()));
            give(scene, pipe(scene).second());
        }

        @Override
        public void after(Case scene) throws Exception {
            pipe(scene).second().send("survivor's");
            pipe(scene).second().close();
            drop(scene);
            List<Object> received = requireNonNull(receivers.get(scene)).join();
            assertThat(received.removeLast()).isEqualTo("survivor's");
            check(scene, received);
            scene.requireSound("r");
        }

        /** Ends what did not arrive. */
        @SuppressWarnings("UnusedVariable") // for who overrides it
        void drop(Case scene) throws Exception {
            // it did
        }

        /** What came before the survivor's message. */
        @SuppressWarnings("UnusedVariable") // for who overrides it
        void check(Case scene, List<Object> received) {
            assertThat(received).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "sendLarge"})
    void killedSending_theMessageComesWholeOrNotAtAll_andThenTheEnd(String verb) throws Exception {
        String message = verb.equals("send") ? SMALL : LARGE;
        Scenario sending =
                new VictimSends() {
                    @Override
                    void check(Case scene, List<Object> received) {
                        assertThat(received).isIn(List.of(), List.of(message));
                        if (!scene.killed) assertThat(received).hasSize(1);
                    }
                };
        List<Case> cases = KillPointRun.everyStep(Verbs.class, verb, sending);
        assertThat(cases).anyMatch(scene -> scene.killed);
    }

    @Test
    void killedClosing_theEndIsSeen() throws Exception {
        KillPointRun.everyStep(Verbs.class, "end", new VictimSends());
    }

    @Test
    void killedReceivingAnEnd_itIsHeldByNobody() throws Exception {
        Scenario arriving =
                new VictimSends() {
                    @Override
                    void drop(Case scene) throws Exception {
                        ChildJvm other = scene.start(Verbs.class, "takeBack");
                        String taken = requireNonNull(other.hear());
                        if (!scene.killed) assertThat(taken).isEqualTo("nothing");
                        other.joinWell();
                    }
                };
        KillPointRun.everyStep(Verbs.class, "arrive", arriving);
    }

    @ParameterizedTest
    @ValueSource(strings = {SMALL, "large"})
    void killedReceiving_othersGetTheMessage_unlessItWasReceived(String kind) throws Exception {
        String message = kind.equals(SMALL) ? SMALL : LARGE;
        Map<Case, Thread> senders = new ConcurrentHashMap<>();
        List<List<Object>> found = new ArrayList<>();
        Scenario receiving =
                new Playing() {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        Connection sender = pipe(scene).second();
                        senders.put(scene, start(() -> sendAndClose(sender, message)));
                        give(scene, pipe(scene).first());
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        List<Object> rest = new Receiver(pipe(scene).first()).join();
                        assertThat(rest).isIn(List.of(message, "second"), List.of("second"));
                        if (!scene.killed) assertThat(rest).hasSize(1);
                        synchronized (found) {
                            found.add(rest);
                        }
                        Thread sender = requireNonNull(senders.get(scene));
                        Await.until("all is sent", () -> !sender.isAlive());
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, "receive", receiving);
        assertThat(found).contains(List.of(message, "second"), List.of("second"));
    }

    /** Others are stopped meanwhile, as they would sweep too. */
    @Test
    void joinerIsKilledSweeping_whoReceivesSeesTheEnd() throws Exception {
        Map<Case, ChildJvm> survivors = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm survivor = scene.start(Verbs.class, "survive").expect("there");
                        ChildJvm dead = scene.start(Verbs.class, "haveHandsFull").expect("there");
                        survivor.stop();
                        dead.kill();
                        survivors.put(scene, survivor);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        ChildJvm survivor = requireNonNull(survivors.remove(scene));
                        survivor.resume();
                        survivor.say("go on");
                        survivor.expect(SMALL);
                        survivor.expect("end");
                        survivor.joinWell();
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(LockKillPointsIT.Verbs.class, "joinerSweeps", sweeping);
    }

    private static void sendAndClose(Connection sender, String message) {
        try (sender) {
            sender.send(message);
            sender.send("second");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread start(Runnable work) {
        return Thread.ofPlatform().daemon().name("sender").start(work);
    }
}
