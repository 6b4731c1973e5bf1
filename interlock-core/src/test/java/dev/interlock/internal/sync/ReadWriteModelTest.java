package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.sync.LockModel.Mistake;
import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Node;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Failure;
import dev.interlock.internal.sync.ModelChecker.Fault;
import dev.interlock.internal.sync.ModelChecker.Flaw;
import dev.interlock.internal.sync.ModelChecker.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every interleaving, and every death, of {@link ReadWriteState} and {@link ReadWriteSweep} on small cases; see {@link
 * ReadWriteModel} for what is checked. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class ReadWriteModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        TWO_READ_WHILE_ONE_WRITES(
                ReadWriteModelTest::twoReadersAndAWriter,
                ReadWriteModel.TWO_READ_AT_ONCE | ReadWriteModel.A_WRITER_SLEPT_FOR_READERS),
        TWO_WRITE_WHILE_ONE_READS(model -> {
            model.writer(model.process());
            model.writer(model.process());
            model.reader(model.process());
        }),
        ALL_FOR_THE_FIRST_TIME(model -> {
            model.firstTime();
            model.reader(model.process());
            model.eagerReader(model.process());
            model.writer(model.process());
        }),
        TWO_THREADS_OF_A_PROCESS_READ(model -> {
            int process = model.process();
            model.reader(process).inOwnThread();
            model.reader(process).inOwnThread();
            model.writer(model.process());
        }),
        A_THREAD_READS_TWICE(model -> {
            model.rereader(model.process());
            model.writer(model.process());
            model.writer(model.process());
        }),
        A_WRITER_READS_ON(model -> {
            model.downgrader(model.process());
            model.writer(model.process());
            model.reader(model.process());
        }),
        SOME_DO_NOT_WAIT(model -> {
            model.eagerWriter(model.process());
            model.eagerReader(model.process());
            model.writer(model.process());
        }),
        A_WRITER_MAY_GIVE_UP(ReadWriteModelTest::aWriterMayGiveUp),
        A_WRITER_OF_TWO_MAY_GIVE_UP(model -> {
            model.patientWriter(model.process(), MILLI).timeouts(1);
            model.eagerWriter(model.process());
            model.reader(model.process());
        }),
        A_READER_MAY_GIVE_UP(model -> {
            model.patientReader(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
            model.writer(model.process());
        }),
        ONE_READS_WITHOUT_A_LOCK(ReadWriteModelTest::oneReadsWithoutALock),
        ANY_OF_A_READER_AND_A_WRITER_DIES(
                ReadWriteModelTest::anyDies, ReadWriteModel.ONE_WAS_TOLD_OF_A_DEATH),
        ANY_OF_TWO_WRITERS_DIES(model -> {
            model.kills(1);
            model.writer(model.process());
            model.writer(model.process());
            model.sweeper();
        }),
        ONE_OF_TWO_READERS_DIES(model -> {
            model.kills(1).onlyDies(0);
            twoReadersAndAWriter(model);
            model.sweeper();
        }),
        A_READER_REPAIRS_WHAT_A_WRITER_LEFT(model -> {
            model.kills(1).onlyDies(0);
            model.writer(model.process());
            model.rereader(model.process());
            model.sweeper();
        }),
        ANY_MAY_DIE_WHILE_ONE_READS_WITHOUT_A_LOCK(
                ReadWriteModelTest::aWriterDiesUnderAnOptimist,
                ReadWriteModel.A_STAMP_WAS_VALID | ReadWriteModel.A_STAMP_WAS_NOT_VALID),
        ANY_MAY_DIE_WHILE_A_WRITER_READS_ON(model -> {
            model.kills(1);
            model.downgrader(model.process());
            model.writer(model.process());
            model.sweeper();
        }),
        ANY_MAY_DIE_WHILE_A_WRITER_GIVES_UP(model -> {
            model.kills(1);
            model.patientWriter(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
            model.reader(model.process());
            model.sweeper();
        }),
        A_WRITER_DIES_AND_A_SWEEPER_TOO(model -> {
            model.kills(2);
            model.onlyDies(0).onlyDies(2);
            model.writer(model.process());
            model.eagerReader(model.process());
            model.sweeper();
            model.sweeper();
        }),
        A_READER_DIES_AND_A_SWEEPER_TOO(model -> {
            model.kills(2);
            model.onlyDies(0).onlyDies(2);
            model.reader(model.process());
            model.writer(model.process());
            model.sweeper();
            model.sweeper();
        }),
        A_SWEEPER_IS_SLOW(ReadWriteModelTest::aSweeperIsSlow),
        SLOT_OF_A_READER_IS_REUSED(ReadWriteModelTest::slotOfAReaderIsReused),
        SLOT_OF_A_WRITER_IS_REUSED(ReadWriteModelTest::slotOfAWriterIsReused),
        NOBODY_ANNOUNCES_DEATHS(model -> {
            model.kills(1).waitersSweep();
            model.reader(model.process()).timeouts(1);
            model.writer(model.process()).timeouts(1);
        }),
        NOBODY_ANNOUNCES_DEATHS_TO_WHO_DOES_NOT_WAIT(model -> {
            model.kills(1).waitersSweep();
            model.eagerReader(model.process());
            model.eagerWriter(model.process());
        });

        private final Consumer<ReadWriteModel> script;
        private final long reaches; // bits that the search must see

        Case(Consumer<ReadWriteModel> script) {
            this(script, 0);
        }

        Case(Consumer<ReadWriteModel> script, long reaches) {
            this.script = script;
            this.reaches = reaches;
        }
    }

    private static void twoReadersAndAWriter(ReadWriteModel model) {
        model.reader(model.process());
        model.reader(model.process());
        model.writer(model.process());
    }

    private static void anyDies(ReadWriteModel model) {
        model.kills(1);
        model.reader(model.process());
        model.writer(model.process());
        model.sweeper();
    }

    private static void aWriterMayGiveUp(ReadWriteModel model) {
        model.patientWriter(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
        model.reader(model.process());
        model.eagerReader(model.process());
    }

    private static void oneReadsWithoutALock(ReadWriteModel model) {
        model.optimist(model.process());
        model.writerOfTwo(model.process());
        model.writer(model.process());
    }

    private static void aWriterDiesUnderAnOptimist(ReadWriteModel model) {
        model.kills(1);
        model.optimist(model.process());
        model.writer(model.process());
        model.writer(model.process());
        model.sweeper();
    }

    /* Others have done its work, and somebody writes again. */
    private static void aSweeperIsSlow(ReadWriteModel model) {
        model.kills(1).onlyDies(0);
        model.eagerWriter(model.process());
        model.eagerWriter(model.process());
        model.sweeper();
        model.sweeper();
    }

    /* A sweeper may stop before any step and go on when the slot belongs to another process. */
    private static void slotOfAReaderIsReused(ReadWriteModel model) {
        model.kills(1).onlyDies(0);
        model.firstTime();
        int process = model.process();
        model.reader(process);
        model.newReader(model.successorOf(process));
        model.sweeper();
        model.sweeper();
    }

    private static void slotOfAWriterIsReused(ReadWriteModel model) {
        model.kills(1).onlyDies(0);
        model.firstTime();
        int process = model.process();
        model.writer(process);
        model.newWriter(model.successorOf(process));
        model.sweeper();
        model.sweeper();
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsTheLockSound(Case sound, TestReporter reporter) {
        ReadWriteModel model = new ReadWriteModel();
        sound.script.accept(model);

        long start = System.nanoTime();
        Result result = model.search();

        if (Boolean.getBoolean("interlock.model.show"))
            System.out.println(
                    sound + " " + result + " " + (System.nanoTime() - start) / MILLI + " ms");
        reporter.publishEntry(sound.name(), result.toString());
        assertThat(result.states()).isPositive();
        assertThat(result.bitsSeen() & sound.reaches)
                .as("what it is to reach")
                .isEqualTo(sound.reaches);
    }

    /** Faults, a case in which each matters, and what is to be noticed. */
    enum Mutant {
        WRITER_DOES_NOT_CLOSE_THE_GATE(
                "the data is half done",
                model -> {
                    faulty(model, ReadWriteModelTest::closingNothing);
                    model.eagerWriter(model.process());
                    model.reader(model.process());
                }),
        WRITER_DOES_NOT_SEE_ALL_WHO_READ(
                "one reads while one writes",
                model -> twoReadersAndAWriter(faulty(model, ReadWriteModelTest::overlookingUsed))),
        READER_COUNTS_NOT(
                "counted",
                model -> twoReadersAndAWriter(faulty(model, ReadWriteModelTest::countingNothing))),
        FIRST_READER_DOES_NOT_SHOW_ITS_WORD(
                "one reads while one writes",
                model ->
                        twoReadersAndAWriter(
                                faulty(
                                        model.firstTime(),
                                        on(Kind.CAS, ReadWriteModel.USED, Flaw.PRETENDS)))),
        LAST_READER_WAKES_NOBODY(
                "waits for ever",
                model ->
                        twoReadersAndAWriter(
                                faulty(
                                        model,
                                        on(Kind.WAKE, ReadWriteModel.DRAIN, Flaw.WAKES_NOBODY)))),
        LAST_READER_DOES_NOT_CHANGE_WHAT_THE_WRITER_COMPARES(
                "waits for ever",
                model ->
                        twoReadersAndAWriter(
                                faulty(model, on(Kind.ADD, ReadWriteModel.DRAIN, Flaw.PRETENDS)))),
        WRITER_SLEEPS_WITHOUT_COMPARING(
                "waits for ever",
                model ->
                        twoReadersAndAWriter(
                                faulty(
                                        model,
                                        on(
                                                Kind.AWAIT,
                                                ReadWriteModel.DRAIN,
                                                Flaw.SLEEPS_BLINDLY)))),
        GIVING_UP_LEAVES_THE_GATE_CLOSED(
                "the gate is not open",
                model -> aWriterMayGiveUp(faulty(model, ReadWriteModelTest::openingNothing))),
        WRITING_IS_NOT_NOTED(
                "a stamp is valid",
                model ->
                        oneReadsWithoutALock(
                                faulty(model, on(Kind.ADD, ReadWriteModel.WRITES, Flaw.PRETENDS)))),
        SWEEP_HIDES_THE_DEATH(
                "abandoned: false",
                model -> {
                    model.sweepFault(ReadWriteModelTest::endingTheWritingWhole);
                    anyDies(model);
                }),
        SWEEP_FORGETS_READERS(
                "for ever",
                model -> {
                    model.sweepFault((step, _) ->
                            step.kind() == Kind.GET && ReadWriteModel.isReaders(step.offset())
                                    ? step.with(Flaw.PRETENDS) // 1: another generation's
                                    : null);
                    anyDies(model);
                }),
        SWEEP_DOES_NOT_WAKE_THE_WRITER(
                "waits for ever",
                model -> {
                    model.sweepFault(on(Kind.WAKE, ReadWriteModel.DRAIN, Flaw.WAKES_NOBODY));
                    anyDies(model);
                }),
        SWEEP_FREES_THE_LOCK_FIRST(
                "nobody owns the lock",
                model -> {
                    model.mistake(Mistake.LOCK_IS_FREED_FIRST);
                    anyDies(model);
                }),
        SWEEP_DOES_NOT_COMPARE(
                "", // whatever comes first
                model -> {
                    model.sweepFault(on(Kind.CAS, ReadWriteModel.GATE, Flaw.STORES_BLINDLY));
                    aSweeperIsSlow(model);
                }),
        SWEEP_TAKES_READERS_OF_A_LATER_PROCESS_OFF(
                "counted",
                model -> {
                    model.sweepFault((step, _) ->
                            step.kind() == Kind.CAS && ReadWriteModel.isReaders(step.offset())
                                    ? step.with(Flaw.STORES_BLINDLY)
                                    : null);
                    slotOfAReaderIsReused(model);
                }),
        SWEEP_DOES_NOT_ASK_WHETHER_THE_SLOT_IS_STILL_THE_DEAD_ONES(
                "",
                model -> {
                    model.mistake(Mistake.NEVER_ASKS_STILL_DYING);
                    slotOfAWriterIsReused(model);
                });

        private final String symptom;
        private final Consumer<ReadWriteModel> script;

        Mutant(String symptom, Consumer<ReadWriteModel> script) {
            this.symptom = symptom;
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        ReadWriteModel model = new ReadWriteModel();
        mutant.script.accept(model);

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static ReadWriteModel faulty(ReadWriteModel model, Fault fault) {
        model.fault(fault);
        return model;
    }

    private static Fault on(Kind kind, long offset, Flaw flaw) {
        return (step, _) -> step.kind() == kind && step.offset() == offset ? step.with(flaw) : null;
    }

    /* Both times, or the gate would be closed when the writer has gone. */
    private static @Nullable Step closingNothing(Step step, Node node) {
        boolean moves = step.kind() == Kind.ADD && step.offset() == ReadWriteModel.GATE;
        return moves ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step openingNothing(Step step, Node node) {
        return node.slept ? closingNothing(step, node) : null;
    }

    /* It says that slot 0 is in use, and no other. */
    private static @Nullable Step overlookingUsed(Step step, Node node) {
        boolean looks = step.kind() == Kind.GET && step.offset() == ReadWriteModel.USED;
        return looks ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step countingNothing(Step step, Node node) {
        boolean counts = step.kind() == Kind.ADD && ReadWriteModel.isReaders(step.offset());
        return counts ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step endingTheWritingWhole(Step step, Node node) {
        boolean ends = step.kind() == Kind.CAS && step.offset() == ReadWriteModel.WRITES;
        return ends ? step.storing(step.b() & ~ReadWriteCell.DIRTY) : null;
    }
}
