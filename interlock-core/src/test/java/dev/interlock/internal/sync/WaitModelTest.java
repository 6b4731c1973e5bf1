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
 * Every interleaving, and every death, of {@link Conditions}, of {@link LockState} in fair mode, and of what they stand on, {@link
 * WaitCells} and {@link WaitList} with its sweep, on small cases; see {@link WaitModel}. Then the same with a fault seeded into the
 * code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class WaitModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        FAIR_TWO_LOCK_TWICE(model -> {
            model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK);
            model.locker(model.processWithCells(), 2);
            model.locker(model.processWithCells(), 2);
        }),
        FAIR_TWO_WAIT(WaitModelTest::twoFairBehindAHolder),
        FAIR_ONE_BARGES(WaitModelTest::oneBarges),
        FAIR_SECOND_SLEEPS_ON_A_FREE_WORD(WaitModelTest::secondSleepsOnAFreeWord),
        FAIR_RELEASER_IS_SLOW(WaitModelTest::releaserIsSlow),
        FAIR_ONE_WHERE_ANOTHER_WAITED(WaitModelTest::oneFairWhereAnotherWaited),
        FAIR_ONE_GIVES_UP(WaitModelTest::oneFairGivesUp),
        FAIR_ONE_OF_TWO_DIES(model -> {
            model.kills(1).fair().onlyFor(WaitCell.Kind.FAIR_LOCK);
            model.locker(model.processWithCells(), 1);
            model.locker(model.processWithCells(), 1);
            model.sweeper();
        }),
        FAIR_ONE_DIES_BEFORE_ANOTHER(WaitModelTest::firstInLineDies),
        SIGNAL_ONE(model -> {
            model.onlyFor(WaitCell.Kind.CONDITION);
            model.taker(model.processWithCells(), Words.NEVER, false);
            model.giver(model.process());
        }),
        SIGNAL_TWO_ONE_BY_ONE(WaitModelTest::twoTakers),
        SIGNAL_TWO_AT_ONCE(model -> {
            model.onlyFor(WaitCell.Kind.CONDITION);
            model.taker(model.processWithCells(), Words.NEVER, false);
            model.taker(model.processWithCells(), Words.NEVER, false);
            model.giverOfAll(model.process(), 2);
        }),
        SIGNAL_ONE_OF_TWO_THAT_MAY_GIVE_UP(WaitModelTest::oneMayGiveUp),
        SIGNAL_AND_ANY_MAY_DIE(model -> {
            model.kills(1).onlyFor(WaitCell.Kind.CONDITION);
            model.taker(model.processWithCells(), Words.NEVER, false);
            model.giver(model.process());
            model.sweeper();
        }),
        SIGNAL_ONE_OF_TWO_THAT_MAY_DIE(WaitModelTest::signalledOneMayDie),
        SIGNAL_AND_WHO_SIGNALS_MAY_DIE(WaitModelTest::giverMayDie),
        SIGNAL_UNDER_A_FAIR_LOCK(model -> {
            model.fair();
            model.taker(model.processWithCells(), Words.NEVER, false);
            model.giver(model.processWithCells());
        }),
        CHUNK_IS_MADE_OR_TAKEN(model -> {
            model.onlyFor(WaitCell.Kind.CONDITION).freeChunk();
            model.makesChunks(1);
            model.taker(model.processThatTakesAChunk(), Words.NEVER, false);
            model.later().taker(model.processThatTakesAChunk(), Words.NEVER, false);
            model.later().giverOfAll(model.process(), 2);
        }),
        CHUNK_IS_TAKEN_BY_ONE_OF_TWO(WaitModelTest::chunkIsTakenByOneOfTwo),
        SLOT_AND_CHUNK_OF_A_WAITER_ARE_REUSED(
                model -> slotAndChunkAreReused(model, WaitCell.WAITING)),
        SLOT_AND_CHUNK_OF_A_SIGNALLED_ONE_ARE_REUSED(
                model -> slotAndChunkAreReused(model, WaitCell.WOKEN));

        private final Consumer<WaitModel> script;

        Case(Consumer<WaitModel> script) {
            this.script = script;
        }
    }

    private static void twoFairBehindAHolder(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        model.holder(model.process());
        model.locker(model.processWithCells(), 1);
        model.locker(model.processWithCells(), 1);
    }

    /* The first in line enters its cell and is slow. The second finds the word free, and sleeps. Who had the lock comes back. */
    private static void secondSleepsOnAFreeWord(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        int holder = model.processWithCells();
        int first = model.processWithCells();
        int second = model.processWithCells();
        model.locker(first, 1);
        model.when(model.inLine(first)).locker(second, 1).optional();
        model.holderThatComesBack(holder, model.inLine(second), WaitModel.asleep(1)).optional();
    }

    /* Who releases has looked who waits, and found nobody, before the two come. */
    private static void releaserIsSlow(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        int holder = model.processWithCells();
        int first = model.processWithCells();
        int second = model.processWithCells();
        model.somebodyWaited();
        model.locker(first, 1);
        model.when(model.inLine(first)).locker(second, 1).optional();
        model.holderThatComesBack(holder, WaitModel.always(), WaitModel.asleep(1)).optional();
    }

    private static void oneFairWhereAnotherWaited(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        model.somebodyWaited();
        model.locker(model.processWithCells(), 1);
        model.holder(model.process());
    }

    private static void oneBarges(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        model.holder(model.process());
        model.locker(model.processWithCells(), 1);
        model.barger(model.process(), 1);
    }

    private static void oneFairGivesUp(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce().timed();
        model.trier(model.processWithCells(), 1, MILLI).interrupts(1).timeouts(1).jumps(1);
        model.later().locker(model.processWithCells(), 1);
        model.later().holder(model.process());
    }

    private static void firstInLineDies(WaitModel model) {
        model.kills(1).fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce();
        int first = model.processWithCells();
        model.onlyDies(first);
        model.locker(first, 1);
        model.later().locker(model.processWithCells(), 1);
        model.later().holder(model.process());
        model.sweeper();
    }

    private static void twoTakers(WaitModel model) {
        model.onlyFor(WaitCell.Kind.CONDITION);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        model.later().giverOfTwo(model.process());
    }

    private static void oneMayGiveUp(WaitModel model) {
        model.onlyFor(WaitCell.Kind.CONDITION).timed();
        model.taker(model.processWithCells(), MILLI, true).interrupts(1).timeouts(1).jumps(1);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        model.later().giver(model.process());
    }

    private static void signalledOneMayDie(WaitModel model) {
        model.kills(1).onlyFor(WaitCell.Kind.CONDITION);
        int first = model.processWithCells();
        model.onlyDies(first);
        model.taker(first, Words.NEVER, false);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        model.later().giver(model.process());
        model.sweeper();
    }

    private static void giverMayDie(WaitModel model) {
        model.kills(1).onlyFor(WaitCell.Kind.CONDITION);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        model.later().taker(model.processWithCells(), Words.NEVER, false);
        int giver = model.process();
        model.onlyDies(giver);
        model.later().giver(giver);
        model.sweeper();
    }

    private static void chunkIsTakenByOneOfTwo(WaitModel model) {
        model.fair().onlyFor(WaitCell.Kind.FAIR_LOCK).usesCellsOnce().freeChunk();
        model.makesChunks(1);
        model.locker(model.processThatTakesAChunk(), 1);
        model.locker(model.processThatTakesAChunk(), 1);
        model.later().holder(model.process());
    }

    /* A sweeper may stop before any step and go on when slot and chunk belong to another process, which waits there. */
    private static void slotAndChunkAreReused(WaitModel model, int state) {
        model.onlyFor(WaitCell.Kind.CONDITION);
        int process = model.deadProcess(state);
        int giver = model.process();
        model.sweeper();
        model.sweeper();
        model.newTaker(model.successorOf(process));
        if (state == WaitCell.WAITING) model.later().giver(giver);
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsPromises(Case sound, TestReporter reporter) {
        WaitModel model = new WaitModel();
        sound.script.accept(model);

        long start = System.nanoTime();
        Result result = model.search();

        if (Boolean.getBoolean("interlock.model.show"))
            System.out.println(
                    sound + " " + result + " " + (System.nanoTime() - start) / MILLI + " ms");
        reporter.publishEntry(sound.name(), result.toString());
        assertThat(result.states()).isPositive();
    }

    /** Faults, a case in which each matters, and what is to be noticed. */
    enum Mutant {
        RELEASER_THAT_LOOKED_TOO_EARLY_UNDOES_THE_ANNOUNCEMENT(
                "passed one that slept in line",
                model -> {
                    faulty(model, WaitModelTest::announcingWithTheSameNumber);
                    releaserIsSlow(model);
                }),
        RELEASE_DOES_NOT_LOOK_WHO_WAITS(
                "waits for ever",
                model -> twoFairBehindAHolder(faulty(model, WaitModelTest::choosingNobody))),
        RELEASE_CHOOSES_BUT_DOES_NOT_WAKE(
                "waits for ever",
                model ->
                        twoFairBehindAHolder(faulty(model, onCells(Kind.WAKE, Flaw.WAKES_NOBODY)))),
        WAITER_ENTERS_ITS_CELL_AFTER_IT_HAS_READ_THE_WORD(
                "waits for ever",
                model -> oneFairWhereAnotherWaited(faulty(model, WaitModelTest::enteringLate))),
        WAITER_WAITS_AGAIN_AFTER_IT_HAS_READ_THE_WORD(
                "waits for ever",
                model -> oneBarges(faulty(model, WaitModelTest::waitingAgainLate))),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                "waits for ever",
                model -> twoFairBehindAHolder(faulty(model, WaitModelTest::pretendingToAnnounce))),
        NEWCOMER_TAKES_A_LOCK_THAT_SOMEBODY_WAITS_FOR(
                "passed one that slept in line",
                model -> {
                    faulty(model, WaitModelTest::announcingOnNoFreeWord);
                    secondSleepsOnAFreeWord(model);
                }),
        GIVING_UP_KEEPS_THE_WAKE_UP(
                "waits for ever",
                model -> oneFairGivesUp(faulty(model, WaitModelTest::givingUpWithoutWaking))),
        SWEEP_WAKES_NO_FAIR_WAITER(
                "waits for ever",
                model -> {
                    model.sweepFault(WaitModelTest::choosingAndWakingNobody);
                    firstInLineDies(model);
                }),
        SIGNAL_DOES_NOT_COMPARE(
                "waits for ever",
                model -> oneMayGiveUp(faulty(model, WaitModelTest::signallingBlindly))),
        GIVING_UP_DOES_NOT_COMPARE(
                "waits for ever",
                model -> oneMayGiveUp(faulty(model, WaitModelTest::givingUpBlindly))),
        WAITER_DOES_NOT_TELL_THAT_IT_WAITS(
                "waits for ever", model -> twoTakers(faulty(model, WaitModelTest::notTelling))),
        SIGNAL_CHOOSES_BUT_DOES_NOT_WAKE(
                "waits for ever",
                model -> twoTakers(faulty(model, onCells(Kind.WAKE, Flaw.WAKES_NOBODY)))),
        SIGNAL_WAKES_BUT_DOES_NOT_CHOOSE(
                "waits for ever", model -> twoTakers(faulty(model, WaitModelTest::choosingNobody))),
        CELL_IS_FREED_BEFORE_THE_LOCK_IS_OWNED(
                "waits for ever", model -> signalledOneMayDie(model.leavesTooEarly())),
        SWEEP_PASSES_NO_SIGNAL_ON(
                "waits for ever",
                model -> {
                    model.sweepFault(WaitModelTest::choosingAndWakingNobody);
                    signalledOneMayDie(model);
                }),
        SWEEP_DOES_NOT_WAKE_WHO_WAS_CHOSEN(
                "waits for ever",
                model -> {
                    model.sweepFault(onCells(Kind.WAKE, Flaw.WAKES_NOBODY));
                    giverMayDie(model);
                }),
        SWEEP_SIGNALS_NOBODY_WHEN_AN_OWNER_DIES(
                "waits for ever",
                model -> {
                    model.mistake(Mistake.SIGNALS_NOBODY_WHEN_AN_OWNER_DIES);
                    giverMayDie(model);
                }),
        SWEEP_FORGETS_WHO_WAITS(
                "the dead own cells",
                model -> {
                    model.mistake(Mistake.FORGETS_WHO_WAITS);
                    signalledOneMayDie(model);
                }),
        SWEEP_FREES_WITHOUT_COMPARING(
                "", // whatever comes first
                model -> {
                    model.sweepFault(WaitModelTest::freeingBlindly);
                    slotAndChunkAreReused(model, WaitCell.WAITING);
                }),
        SWEEP_GIVES_A_CHUNK_BACK_WITHOUT_COMPARING(
                "",
                model -> {
                    model.sweepFault(WaitModelTest::givingBackBlindly);
                    slotAndChunkAreReused(model, WaitCell.WAITING);
                }),
        CHUNK_IS_TAKEN_WITHOUT_COMPARING(
                "",
                model -> {
                    faulty(model, WaitModelTest::takingBlindly);
                    chunkIsTakenByOneOfTwo(model);
                });

        private final String symptom;
        private final Consumer<WaitModel> script;

        Mutant(String symptom, Consumer<WaitModel> script) {
            this.symptom = symptom;
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        WaitModel model = new WaitModel();
        mutant.script.accept(model);

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static WaitModel faulty(WaitModel model, Fault fault) {
        model.fault(fault);
        return model;
    }

    private static boolean isOfCells(Step step) {
        return step.offset() >= ModelChecker.CHUNKS && step.event() == null;
    }

    /* Whether it is the word of a cell that it changes so. */
    private static boolean changes(Step step, int from, int to) {
        return isOfCells(step)
                && step.kind() == Kind.CAS
                && isWord(step)
                && WaitCell.state(step.a()) == from
                && WaitCell.state(step.b()) == to;
    }

    private static boolean isWord(Step step) {
        long inChunk = (step.offset() - ModelChecker.CHUNKS) % WaitCell.CHUNK_BYTES;
        return inChunk >= WaitCell.CHUNK_HEADER_BYTES && inChunk % WaitCell.CELL_BYTES == 0;
    }

    private static boolean isOwner(Step step) {
        return isOfCells(step)
                && (step.offset() - ModelChecker.CHUNKS) % WaitCell.CHUNK_BYTES == WaitCell.OWNER;
    }

    private static Fault onCells(Kind kind, Flaw flaw) {
        return (step, _) -> step.kind() == kind && isOfCells(step) ? step.with(flaw) : null;
    }

    private static @Nullable Step choosingNobody(Step step, Node node) {
        return changes(step, WaitCell.WAITING, WaitCell.WOKEN) ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step enteringLate(Step step, Node node) {
        return storesWaiting(step) && !node.slept ? step.with(Flaw.STORES_LATE) : null;
    }

    private static @Nullable Step waitingAgainLate(Step step, Node node) {
        return storesWaiting(step) && node.slept ? step.with(Flaw.STORES_LATE) : null;
    }

    private static boolean storesWaiting(Step step) {
        return step.kind() == Kind.PUT
                && isOfCells(step)
                && isWord(step)
                && WaitCell.state(step.b()) == WaitCell.WAITING;
    }

    private static @Nullable Step pretendingToAnnounce(Step step, Node node) {
        boolean announces =
                step.kind() == Kind.CAS
                        && step.offset() == LockModel.LOCK
                        && !LockWord.isFree(step.a());
        return announces ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step announcingOnNoFreeWord(Step step, Node node) {
        boolean announces =
                step.kind() == Kind.CAS
                        && step.offset() == LockModel.LOCK
                        && LockWord.isFree(step.a())
                        && LockWord.isFree(step.b())
                        && LockWord.has(step.b(), LockWord.WAITERS);
        return announces ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step announcingWithTheSameNumber(Step step, Node node) {
        return announcingOnNoFreeWord(step, node) == null
                ? null
                : step.storing(LockWord.with(step.a(), LockWord.WAITERS));
    }

    private static @Nullable Step givingUpWithoutWaking(Step step, Node node) {
        return node.slept ? choosingAndWakingNobody(step, node) : null;
    }

    private static @Nullable Step choosingAndWakingNobody(Step step, Node node) {
        boolean wakes = step.kind() == Kind.WAKE && isOfCells(step);
        return wakes ? step.with(Flaw.WAKES_NOBODY) : choosingNobody(step, node);
    }

    private static @Nullable Step signallingBlindly(Step step, Node node) {
        boolean signals = changes(step, WaitCell.WAITING, WaitCell.WOKEN);
        return signals ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step givingUpBlindly(Step step, Node node) {
        boolean givesUp = changes(step, WaitCell.WAITING, WaitCell.GONE);
        return givesUp ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step notTelling(Step step, Node node) {
        boolean tells =
                step.kind() == Kind.PUT
                        && step.offset() == LockModel.CONDITION + Conditions.WAITERS;
        return tells && step.b() != 0 ? step.storing(0) : null;
    }

    private static @Nullable Step freeingBlindly(Step step, Node node) {
        boolean frees = changes(step, WaitCell.WAITING, WaitCell.FREE);
        return frees ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step givingBackBlindly(Step step, Node node) {
        boolean givesBack = isOwner(step) && step.kind() == Kind.CAS && step.b() == 0;
        return givesBack ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step takingBlindly(Step step, Node node) {
        boolean takes = isOwner(step) && step.kind() == Kind.CAS && step.a() == 0;
        return takes ? step.with(Flaw.STORES_BLINDLY) : null;
    }
}
