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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every interleaving, and every death, of {@link SemaphoreState} with its sweep on small cases; see {@link SemaphoreModel} for what
 * is checked. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class SemaphoreModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        TWO_WANT_THE_ONLY_ONE(SemaphoreModelTest::twoWantTheOnlyOne),
        TWO_WANT_THE_ONLY_ONE_IN_ORDER(() -> {
            SemaphoreModel model = SemaphoreModel.fair(1);
            model.user(model.processWithCells(), 1);
            model.user(model.processWithCells(), 1);
            return model;
        }),
        ONE_WANTS_TWO_AND_ONE_WANTS_ONE(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2);
            model.user(model.processWithCells(), 2);
            model.user(model.processWithCells(), 1);
            return model;
        }),
        ONE_WANTS_TWO_AND_ONE_WANTS_ONE_IN_ORDER(() -> {
            SemaphoreModel model = SemaphoreModel.fair(2);
            model.user(model.processWithCells(), 2);
            model.user(model.processWithCells(), 1);
            return model;
        }),
        TWO_THREADS_OF_A_PROCESS(() -> {
            SemaphoreModel model = SemaphoreModel.owned(1);
            int process = model.processWithCells();
            model.user(process, 1).inOwnThread();
            model.eagerUser(process, 1).inOwnThread();
            return model;
        }),
        TWO_THREADS_OF_A_PROCESS_WITH_ONE_EACH(SemaphoreModelTest::twoThreadsWithOneEach),
        ONE_LEAVES_ITS_LEDGER_BEHIND(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2);
            model.hastyUser(model.process(), 1);
            model.eagerUser(model.process(), 1);
            return model;
        }),
        TWO_THREADS_LEAVE_THEIR_LEDGER_BEHIND(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2);
            int process = model.process();
            model.hastyUser(process, 1).inOwnThread();
            model.hastyUser(process, 1).inOwnThread();
            return model;
        }),
        ONE_LEAVES_ITS_LEDGER_BEHIND_AND_ANY_MAY_DIE(() -> {
            SemaphoreModel model = SemaphoreModel.owned(1).kills(1);
            model.hastyUser(model.process(), 1);
            model.hastyUser(model.process(), 1);
            model.sweeper();
            return model;
        }),
        ONE_MAY_GIVE_UP(SemaphoreModelTest::oneMayGiveUp),
        ONE_DRAINS(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2);
            model.drainer(model.process());
            model.user(model.processWithCells(), 1);
            return model;
        }),
        ONE_WATCHES(() -> {
            SemaphoreModel model = SemaphoreModel.owned(1);
            model.eagerUser(model.process(), 1);
            model.watcher(model.processWithCells());
            model.eagerUser(model.process(), 1);
            return model;
        }),
        ANY_MAY_DIE(
                SemaphoreModelTest::anyMayDie,
                SemaphoreModel.ONE_SLEPT | SemaphoreModel.UNSETTLED_BY_THE_DEAD),
        ANY_MAY_DIE_WHILE_ONE_WANTS_TWO(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2).kills(1);
            model.user(model.processWithCells(), 2);
            model.eagerUser(model.process(), 1);
            model.sweeper();
            return model;
        }),
        TWO_MAY_DIE(() -> {
            SemaphoreModel model = SemaphoreModel.owned(2).kills(2);
            for (int i = 0; i < 2; i++) {
                int process = model.process();
                model.onlyDies(process);
                model.eagerUser(process, 1);
            }
            model.sweeper();
            return model;
        }),
        A_SWEEPER_MAY_DIE_TOO(SemaphoreModelTest::aSweeperMayDieToo),
        SLOT_IS_REUSED(SemaphoreModelTest::slotIsReused),
        UNOWNED_TWO_WAIT_FOR_ONE_EACH(() -> twoWaitForWhatOneAdds(1, 1, 2, 1)),
        UNOWNED_ONE_OF_TWO_WAITS_FOR_TWO(() -> twoWaitForWhatOneAdds(2, 1, 3, 1)),
        UNOWNED_ONE_WANTS_TWO_WHERE_ANOTHER_WAITED(
                SemaphoreModelTest::oneWantsTwoWhereAnotherWaited),
        UNOWNED_TOO_FEW_ARE_ADDED(() -> twoWaitForWhatOneAdds(2, 1, 1, 2)),
        UNOWNED_ONE_WHO_WAITS_MAY_DIE(() -> {
            SemaphoreModel model = SemaphoreModel.unowned(0).kills(1);
            int first = model.processWithCells();
            model.onlyDies(first);
            model.taker(first, 1);
            model.later().taker(model.processWithCells(), 1);
            model.later().adder(model.process(), 1, 1);
            model.sweeper();
            return model;
        }),
        UNOWNED_WHO_ADDS_MAY_DIE(SemaphoreModelTest::whoAddsMayDie);

        private final Supplier<SemaphoreModel> model;
        private final long reaches; // bits that the search must see

        Case(Supplier<SemaphoreModel> model) {
            this(model, 0);
        }

        Case(Supplier<SemaphoreModel> model, long reaches) {
            this.model = model;
            this.reaches = reaches;
        }
    }

    private static SemaphoreModel twoWantTheOnlyOne() {
        SemaphoreModel model = SemaphoreModel.owned(1);
        model.user(model.processWithCells(), 1);
        model.user(model.processWithCells(), 1);
        return model;
    }

    private static SemaphoreModel twoThreadsWithOneEach() {
        SemaphoreModel model = SemaphoreModel.owned(2);
        int process = model.process();
        model.eagerUser(process, 1).inOwnThread();
        model.eagerUser(process, 1).inOwnThread();
        return model;
    }

    /* Who gives up may have been chosen already, in place of the other. */
    private static SemaphoreModel oneMayGiveUp() {
        SemaphoreModel model = SemaphoreModel.unowned(0);
        model.patientUser(model.processWithCells(), 1, MILLI).interrupts(1).timeouts(1).jumps(1);
        model.later().taker(model.processWithCells(), 1);
        model.later().adder(model.process(), 1, 1);
        model.timed();
        return model;
    }

    private static SemaphoreModel anyMayDie() {
        SemaphoreModel model = twoWantTheOnlyOne().kills(1);
        model.sweeper();
        return model;
    }

    private static SemaphoreModel aSweeperMayDieToo() {
        SemaphoreModel model = SemaphoreModel.owned(1).kills(2);
        model.onlyDies(0).onlyDies(1);
        model.eagerUser(model.process(), 1);
        model.sweeper();
        model.sweeper();
        return model;
    }

    /* Without a fault it has 88 million states, too many for a test; a fault is found early. */
    private static SemaphoreModel twoSweepWhileAnotherTakes() {
        SemaphoreModel model = SemaphoreModel.owned(1).kills(1);
        model.onlyDies(0);
        model.eagerUser(model.process(), 1);
        model.later().eagerUser(model.process(), 1);
        model.sweeper();
        model.sweeper();
        return model;
    }

    /* A sweeper may stop before any step and go on when the slot belongs to another process. */
    private static SemaphoreModel slotIsReused() {
        SemaphoreModel model = SemaphoreModel.owned(1).kills(1);
        model.onlyDies(0);
        int process = model.process();
        model.eagerUser(process, 1);
        model.newEagerUser(model.successorOf(process), 1);
        model.sweeper();
        model.sweeper();
        return model;
    }

    private static SemaphoreModel twoWaitForWhatOneAdds(
            int first, int second, int count, int times) {
        SemaphoreModel model = SemaphoreModel.unowned(0);
        model.taker(model.processWithCells(), first);
        model.later().taker(model.processWithCells(), second);
        model.adder(model.process(), count, times);
        return model;
    }

    /* Who adds has looked who waits, and found nobody, before it comes. */
    private static SemaphoreModel oneWantsTwoWhereAnotherWaited() {
        SemaphoreModel model = SemaphoreModel.unowned(0).somebodyWaited();
        model.taker(model.processWithCells(), 2);
        model.adder(model.process(), 1, 2);
        return model;
    }

    private static SemaphoreModel whoAddsMayDie() {
        SemaphoreModel model = SemaphoreModel.unowned(0).kills(1);
        model.taker(model.processWithCells(), 1);
        int adder = model.process();
        model.onlyDies(adder);
        model.adder(adder, 1, 1);
        model.sweeper();
        return model;
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsThePermits(Case sound, TestReporter reporter) {
        long start = System.nanoTime();
        Result result = sound.model.get().search();

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
        TAKING_DOES_NOT_COMPARE(
                "a permit is not given back",
                () -> faulty(twoWantTheOnlyOne(), SemaphoreModelTest::takingBlindly)),
        RELEASE_DOES_NOT_LOOK_WHO_WAITS(
                "waits for ever",
                () -> faulty(twoWantTheOnlyOne(), SemaphoreModelTest::choosingNobody)),
        RELEASE_CHOOSES_BUT_DOES_NOT_WAKE(
                "waits for ever",
                () -> faulty(twoWantTheOnlyOne(), SemaphoreModelTest::wakingNobody)),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                "waits for ever",
                () -> faulty(twoWantTheOnlyOne(), SemaphoreModelTest::pretendingToAnnounce)),
        ANNOUNCEMENT_KEEPS_THE_NUMBER(
                "waits for ever",
                () ->
                        faulty(
                                oneWantsTwoWhereAnotherWaited(),
                                SemaphoreModelTest::announcingWithTheSameNumber)),
        GIVING_UP_KEEPS_THE_WAKE_UP(
                "waits for ever",
                () -> faulty(oneMayGiveUp(), SemaphoreModelTest::passingNothingOn)),
        OPERATION_DOES_NOT_NAME_WHO_DOES_IT(
                "there are", () -> faulty(anyMayDie(), SemaphoreModelTest::namingNobody)),
        LEDGER_IS_NOT_WRITTEN(
                "", () -> faulty(twoWantTheOnlyOne(), SemaphoreModelTest::writingNoLedger)),
        SETTLING_DOES_NOT_COMPARE(
                "", () -> faulty(twoThreadsWithOneEach(), SemaphoreModelTest::settlingBlindly)),
        LEDGER_SAYS_NOTHING("", () -> faulty(anyMayDie(), SemaphoreModelTest::writingEmptyLedger)),
        SWEEP_DOES_NOT_COMPARE(
                "",
                () -> {
                    SemaphoreModel model = twoSweepWhileAnotherTakes();
                    model.sweepFault(SemaphoreModelTest::givingBackBlindly);
                    return model;
                }),
        SWEEP_LEAVES_THE_LEDGER(
                "runs for ever",
                () -> {
                    SemaphoreModel model = anyMayDie();
                    model.sweepFault(SemaphoreModelTest::leavingLedgers);
                    return model;
                }),
        SWEEP_WAKES_NOBODY(
                "waits for ever",
                () -> {
                    SemaphoreModel model = anyMayDie();
                    model.sweepFault(SemaphoreModelTest::choosingAndWakingNobody);
                    return model;
                }),
        SWEEP_DOES_NOT_ASK_WHETHER_THE_SLOT_IS_STILL_THE_DEAD_ONES(
                "",
                () -> {
                    SemaphoreModel model = slotIsReused();
                    model.mistake(Mistake.NEVER_ASKS_STILL_DYING);
                    return model;
                });

        private final String symptom;
        private final Supplier<SemaphoreModel> model;

        Mutant(String symptom, Supplier<SemaphoreModel> model) {
            this.symptom = symptom;
            this.model = model;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        SemaphoreModel model = mutant.model.get();

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static SemaphoreModel faulty(SemaphoreModel model, Fault fault) {
        model.fault(fault);
        return model;
    }

    private static boolean isOfCells(Step step) {
        return step.offset() >= ModelChecker.CHUNKS
                && !SemaphoreModel.isLedger(step.offset())
                && step.event() == null;
    }

    private static boolean changes(Step step) {
        return step.kind() == Kind.CAS && step.offset() == LockModel.LOCK;
    }

    private static boolean takes(Step step) {
        return changes(step) && step.b() >>> 33 < step.a() >>> 33;
    }

    private static boolean announces(Step step) {
        return changes(step) && step.b() >>> 33 == step.a() >>> 33 && (step.b() >>> 32 & 1) != 0;
    }

    private static @Nullable Step takingBlindly(Step step, Node node) {
        return takes(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step choosingNobody(Step step, Node node) {
        boolean chooses =
                step.kind() == Kind.CAS
                        && isOfCells(step)
                        && WaitCell.state(step.b()) == WaitCell.WOKEN;
        return chooses ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step wakingNobody(Step step, Node node) {
        boolean wakes = step.kind() == Kind.WAKE && isOfCells(step);
        return wakes ? step.with(Flaw.WAKES_NOBODY) : null;
    }

    private static @Nullable Step choosingAndWakingNobody(Step step, Node node) {
        Step wakes = wakingNobody(step, node);
        return wakes != null ? wakes : choosingNobody(step, node);
    }

    private static @Nullable Step passingNothingOn(Step step, Node node) {
        return node.slept ? choosingAndWakingNobody(step, node) : null;
    }

    private static @Nullable Step pretendingToAnnounce(Step step, Node node) {
        return announces(step) ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step announcingWithTheSameNumber(Step step, Node node) {
        return announces(step) ? step.storing(step.a() | 1L << 32) : null;
    }

    private static @Nullable Step namingNobody(Step step, Node node) {
        return takes(step) ? step.storing(step.b() >>> 9 << 9) : null;
    }

    private static @Nullable Step writingNoLedger(Step step, Node node) {
        boolean writes = step.kind() == Kind.CAS && SemaphoreModel.isLedger(step.offset());
        return writes ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step writingEmptyLedger(Step step, Node node) {
        boolean writes = step.kind() == Kind.CAS && SemaphoreModel.isLedger(step.offset());
        return writes ? step.storing(step.b() & 0xFFFF_FFFFL) : null;
    }

    private static @Nullable Step settlingBlindly(Step step, Node node) {
        boolean writes = step.kind() == Kind.CAS && SemaphoreModel.isLedger(step.offset());
        return writes ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step givingBackBlindly(Step step, Node node) {
        return changes(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step leavingLedgers(Step step, Node node) {
        boolean clears = step.kind() == Kind.CAS && SemaphoreModel.isLedger(step.offset());
        return clears ? step.with(Flaw.PRETENDS) : null;
    }
}
