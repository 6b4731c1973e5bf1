package dev.interlock.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Closes the books on all messages that must be out of the queue, and knows what became of them. */
final class Audit {
    private final Books books;
    private final boolean dropping;
    private final List<TreeSet<Long>> doubtful =
            new ArrayList<>(); // begun by the dead, and not settled
    private int producersKilled;
    private int consumersKilled;
    private long messages;
    private long twice;
    private long missing;
    private long doubtfulArrived;
    private long doubtfulMissing;

    Audit(Books books, boolean dropping) {
        this.books = books;
        this.dropping = dropping;
        for (int i = 0; i < books.producers(); i++) doubtful.add(new TreeSet<>());
    }

    /** A process is dead or has ended, and not started again yet. */
    void ended(int process, boolean killed) {
        if (process >= books.producers()) {
            if (killed) consumersKilled++;
            return;
        }
        if (killed) producersKilled++;
        long begun = books.begun().get(process);
        for (long n = books.acknowledged().get(process) + 1; n <= begun; n++)
            if (n > books.settled().get(process)) doubtful.get(process).add(n);
    }

    /** Settles what must have left the queue, as so many were put behind it. */
    void settle() {
        long behind = Books.CAPACITY + (long) Books.RUN * (producersKilled + books.producers() + 2);
        for (int producer = 0; producer < books.producers(); producer++)
            settle(producer, books.acknowledged().get(producer) - behind);
    }

    /** Settles all, when all processes have ended. */
    void settleAll() {
        for (int producer = 0; producer < books.producers(); producer++)
            settle(producer, books.begun().get(producer));
    }

    private void settle(int producer, long last) {
        for (long n = books.settled().get(producer) + 1; n <= last; n++) {
            int times = books.settle(producer, n);
            if (doubtful.get(producer).remove(n)) {
                if (times == 0) doubtfulMissing++;
                else doubtfulArrived++;
            } else if (times == 0) missing++;
            messages++;
            if (times > 1) twice += times - 1;
        }
    }

    /** How many messages are lost: nobody took them, and nobody was killed with them in hand who may have dropped them. */
    long lost() {
        return Math.max(0, missing - (dropping ? consumersKilled : 0));
    }

    /** How many takings too many there may be: one for each consumer that was killed with a message in hand. */
    long mostTwice() {
        return dropping ? 0 : consumersKilled;
    }

    /** Whether there is nothing to complain of. */
    boolean balances() {
        return lost() == 0 && twice <= mostTwice() && books.torn() == 0 && books.disordered() == 0;
    }

    int kills() {
        return producersKilled + consumersKilled;
    }

    long messages() {
        return messages;
    }

    /** The books, for people. */
    String report() {
        return """
         kills        %,d: %,d producers, %,d consumers
         messages     %,d settled
         lost         %,d
         taken twice  %,d, at most %,d allowed
         dropped      %,d, at most %,d allowed
         in doubt     %,d begun by producers that died before they knew: %,d arrived, %,d did not
         order        %,d out of order, %,d torn
        """
                .formatted(
                        kills(),
                        producersKilled,
                        consumersKilled,
                        messages,
                        lost(),
                        twice,
                        mostTwice(),
                        missing - lost(),
                        dropping ? consumersKilled : 0,
                        doubtfulArrived + doubtfulMissing,
                        doubtfulArrived,
                        doubtfulMissing,
                        books.disordered(),
                        books.torn());
    }
}
