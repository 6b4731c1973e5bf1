package dev.interlock.bench.worker;

import dev.interlock.Connection;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sends messages through a pipe, to a party at its other end.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code trips COUNT BYTES} answers, for party 0, with the time of each round trip, which the other
 * answers; {@code arrays MILLIS BYTES} lets party 0 send for that time, and then an empty message, and party 1 receive each into a new array;
 * {@code buffer MILLIS BYTES} does so into the same buffer. It answers with when it began, or for party 1 with when the empty one was
 * there, and how many bytes had been sent.
 */
public final class PipeWorker {
    private PipeWorker() {}

    /**
     * Arguments: the end of the pipe, the party of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var connection = Arguments.decode(arguments[0], Connection.class);
        var parties = new Parties(arguments[1]);
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
                continue;
            }
            int number = Integer.parseInt(order[1]);
            byte[] message = new byte[Integer.parseInt(order[2])];
            Arrays.fill(message, (byte) 1);
            var answer = parties.play(party -> play(party, connection, order[0], number, message));
            Orders.answer(answer.getFirst());
        }
    }

    private static long[] play(
            int party, Connection connection, String order, int number, byte[] message)
            throws Exception {
        if (order.equals("trips"))
            return party == 0 ? ask(connection, message, number) : echo(connection, number);
        if (party == 0) return send(connection, message, number * 1_000_000L);
        if (order.equals("arrays")) return receive(() -> connection.recvBytes().length);
        ByteBuffer buffer = ByteBuffer.wrap(message);
        return receive(() -> connection.recvBytes(buffer.clear()));
    }

    private static long[] ask(Connection connection, byte[] message, int count) throws Exception {
        var times = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            connection.sendBytes(message);
            byte[] echo = connection.recvBytes();
            times[i] = System.nanoTime() - start;
            if (echo.length != message.length) throw new IllegalStateException("not the same");
        }
        return times;
    }

    private static long[] echo(Connection connection, int count) throws Exception {
        for (int i = 0; i < count; i++) connection.sendBytes(connection.recvBytes());
        return new long[0];
    }

    private static long[] send(Connection connection, byte[] message, long nanos) throws Exception {
        long start = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - start < nanos) {
            connection.sendBytes(message);
            sent += message.length;
        }
        connection.sendBytes(new byte[0]);
        return new long[] {start, sent};
    }

    private interface Receiving {
        int receive() throws Exception;
    }

    private static long[] receive(Receiving receiving) throws Exception {
        long received = 0;
        while (true) { // until the empty message
            int length = receiving.receive();
            if (length == 0) return new long[] {System.nanoTime(), received};
            received += length;
        }
    }
}
