package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes owe a queue: counted by one thread without comparing and by others, paid by anybody, ended by death. */
class QueueDebtsTest {
    private static final int CAPACITY = 4;
    private static final int SLOT = 3;
    private static final int GENERATION = 7;
    private static final int OTHER_SLOT = SLOT + 64; // in the same cache lines

    private final ArrayWords words = new ArrayWords((int) QueueLayout.bytes(CAPACITY, 8));
    private final QueueLayout layout = layout();
    private final SoleWriter writer = new SoleWriter();
    private final QueueDebts debts = debts(SLOT, GENERATION, writer);

    private QueueLayout layout() {
        QueueLayout.initialize(words, 0, CAPACITY, 8, false, Long.MAX_VALUE);
        return Objects.requireNonNull(QueueLayout.read(words, 0, QueueLayout.bytes(CAPACITY, 8)));
    }

    private QueueDebts debts(int slot, int generation, SoleWriter writer) {
        return new QueueDebts(words, layout, writer, slot, generation);
    }

    private void take(int messages) {
        debts.add(words, MemorySegment.NULL, messages);
    }

    /** The same memory, where something happens once, right after a word was read. */
    private final class Interrupted extends ArrayWords {
        private final long at;
        private final Runnable event;
        private boolean happened;

        Interrupted(long at, Runnable event) {
            super(words);
            this.at = at;
            this.event = event;
        }

        @Override
        public long get(long offset) {
            long seen = super.get(offset);
            if (offset == at && !happened) {
                happened = true;
                event.run();
            }
            return seen;
        }
    }

    private static void inAnotherThread(Runnable task) throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(task);
        thread.join();
    }

    @Test
    void takenByTwoThreads_owedTogether_andPaidByAnybody() throws InterruptedException {
        take(2);
        inAnotherThread(() -> take(3));
        QueueDebts others = debts(OTHER_SLOT, 1, new SoleWriter());

        assertThat(debts.of(SLOT)).isEqualTo(5);
        assertThat(debts.of(OTHER_SLOT)).isZero();
        for (int paid = 1; paid <= 5; paid++) {
            assertThat((paid % 2 == 0 ? debts : others).pay()).isTrue();
            assertThat(others.sum()).isEqualTo(5 - paid);
        }
        assertThat(debts.pay()).isFalse();
        assertThat(others.pay()).isFalse();
    }

    @Test
    void threadsOneAfterTheOther_allTheyTookIsOwed() throws InterruptedException {
        for (int i = 0; i < 10; i++) inAnotherThread(() -> take(1));
        take(1);

        assertThat(debts.of(SLOT)).isEqualTo(11);
        assertThat(words.get(layout.sole(SLOT)) & 0xFFFF).as("alone").isEqualTo(11);
    }

    @Test
    void handlesOfOneProcess_shareWhatIsOwed() {
        QueueDebts again = debts(SLOT, GENERATION, writer);
        take(1);
        again.add(words, MemorySegment.NULL, 1);

        assertThat(debts.of(SLOT)).isEqualTo(2);
        again.giveUp(5);
        assertThat(debts.of(SLOT)).isZero();
        take(1);
        assertThat(again.of(SLOT)).isEqualTo(1);
    }

    /** One message is owed all the time; while somebody looks, another is taken and paid. */
    @Test
    void takenAndPaidBetweenTwoLooks_neverSeenLessThanThereWas() {
        take(1);
        var looking =
                new Interrupted(
                        layout.book(SLOT),
                        () -> {
                            take(1);
                            assertThat(debts.pay()).isTrue();
                        });
        QueueDebts others = new QueueDebts(looking, layout, new SoleWriter(), OTHER_SLOT, 1);

        assertThat(others.of(SLOT)).isEqualTo(1);
        assertThat(looking.happened).isTrue();
    }

    @Test
    void theDead_oweNothing_norDoesWhoGetsTheirSlot() throws InterruptedException {
        take(2);
        inAnotherThread(() -> take(1));
        assertThat(debts.pay()).isTrue();

        QueueDebts.sweep(words, layout, SLOT, () -> true);

        assertThat(debts.of(SLOT)).isZero();
        assertThat(debts.pay()).isFalse();
        QueueDebts next = debts(SLOT, GENERATION + 1, new SoleWriter());
        assertThat(next.of(SLOT)).isZero();
        next.add(words, MemorySegment.NULL, 1);
        assertThat(next.of(SLOT)).isEqualTo(1);
    }

    @Test
    void sweeperDiedBetweenItsStores_whoGetsTheSlotOwesNothing() {
        take(2);
        words.put(layout.book(SLOT), 0);

        assertThat(debts.of(SLOT)).isZero();
        assertThat(debts(SLOT, GENERATION + 1, new SoleWriter()).of(SLOT)).isZero();
    }

    @Test
    void whoGotTheSlotDiedBeginning_theNextOwesNothing() {
        take(2);
        QueueDebts.sweep(words, layout, SLOT, () -> true);
        words.put(layout.sole(SLOT), (GENERATION + 1L) << 48 | 5);

        assertThat(debts.of(SLOT)).isZero();
        assertThat(debts(SLOT, GENERATION + 2, new SoleWriter()).of(SLOT)).isZero();
    }

    /** What others of the process took is owed without what is in SOLE, so who pays for it changes what the sweeper compares. */
    @Test
    void paidWhileTheDeadAreSwept_theyOweNothing() throws InterruptedException {
        take(1);
        inAnotherThread(() -> take(3));
        QueueDebts others = debts(OTHER_SLOT, 1, new SoleWriter());
        var asked = new AtomicInteger();

        QueueDebts.sweep(
                words,
                layout,
                SLOT,
                () -> {
                    if (asked.incrementAndGet() == 1) assertThat(others.pay()).isTrue();
                    return true;
                });

        assertThat(debts.of(SLOT)).isZero();
        assertThat(others.pay()).isFalse();
    }

    /** As if nobody had swept. */
    @Test
    void paidWhileTheNextBegins_itOwesNothing_andThenWhatItTakes() throws InterruptedException {
        take(1);
        inAnotherThread(() -> take(3));
        var beginning = new Interrupted(layout.book(SLOT), () -> assertThat(debts.pay()).isTrue());

        QueueDebts next = new QueueDebts(beginning, layout, new SoleWriter(), SLOT, GENERATION + 1);

        assertThat(beginning.happened).isTrue();
        assertThat(next.of(SLOT)).isZero();
        next.add(words, MemorySegment.NULL, 1);
        assertThat(next.of(SLOT)).isEqualTo(1);
    }

    /** It had made sure that the process is still dying, before its first store or its second; then others swept, and the slot got around. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void sweeperWasStopped_doesNotPayForWhoGotTheSlot(int beforeStore) {
        take(2);
        var asked = new AtomicInteger();
        BooleanSupplier stillDying =
                () -> {
                    int now = asked.incrementAndGet();
                    if (now == beforeStore)
                        debts(SLOT, GENERATION + 1, new SoleWriter())
                                .add(words, MemorySegment.NULL, 2);
                    return now <= beforeStore;
                };

        QueueDebts.sweep(words, layout, SLOT, stillDying);

        assertThat(asked.get()).isGreaterThan(beforeStore);
        assertThat(debts.of(SLOT)).isEqualTo(2);
    }

    @Test
    void firstGeneration_begins() {
        QueueDebts first = debts(1, 0, new SoleWriter());
        first.add(words, MemorySegment.NULL, 1);

        assertThat(first.of(1)).isEqualTo(1);
        assertThat(first.pay()).isTrue();
        assertThat(first.pay()).isFalse();
    }
}
