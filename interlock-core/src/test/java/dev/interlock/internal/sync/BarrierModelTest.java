package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
 * Every interleaving, and every death, of {@link BarrierState} with its sweep on small cases; see {@link BarrierModel} for what is
 * checked. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class BarrierModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        TWO_PARTIES_ONCE(BarrierModelTest::twoParties),
        TWO_PARTIES_TWICE(BarrierModelTest::twoPartiesTwice),
        THREE_PARTIES_ONCE(BarrierModelTest::threeParties),
        THREE_COME_TO_A_BARRIER_OF_TWO(BarrierModelTest::threeComeToABarrierOfTwo),
        ONE_MAY_GIVE_UP(
                BarrierModelTest::oneMayGiveUp,
                BarrierModel.ONE_SLEPT | BarrierModel.ONE_TIMED_OUT),
        ONE_BREAKS_IT(() -> {
            BarrierModel model = new BarrierModel(2);
            model.party(model.process(), 1);
            model.afterFirst(1).party(model.process(), 1);
            model.afterFirst(1).aborter(model.process());
            return model;
        }),
        ONE_RESETS_IT(() -> {
            BarrierModel model = new BarrierModel(2);
            model.party(model.process(), 1);
            model.afterFirst(1).party(model.process(), 1);
            model.afterFirst(1).resetter(model.process());
            return model;
        }),
        ANY_OF_TWO_MAY_DIE(
                BarrierModelTest::anyOfTwoMayDie,
                BarrierModel.ONE_PASSED
                        | BarrierModel.ONE_SAW_IT_BROKEN
                        | BarrierModel.ONE_DIED_WHILE_ANOTHER_WAITED),
        ONE_OF_TWO_MAY_DIE_IN_ANY_ROUND(() -> {
            BarrierModel model = new BarrierModel(2).kills(1);
            model.onlyDies(0);
            model.party(model.process(), 2);
            model.afterFirst(1).party(model.process(), 2);
            model.sweeper();
            return model;
        });

        private final Supplier<BarrierModel> model;
        private final long reaches; // bits that the search must see

        Case(Supplier<BarrierModel> model) {
            this(model, 0);
        }

        Case(Supplier<BarrierModel> model, long reaches) {
            this.model = model;
            this.reaches = reaches;
        }
    }

    private static BarrierModel twoParties() {
        BarrierModel model = new BarrierModel(2);
        model.party(model.process(), 1);
        model.party(model.process(), 1);
        return model;
    }

    private static BarrierModel twoPartiesTwice() {
        BarrierModel model = new BarrierModel(2);
        model.party(model.process(), 2);
        model.party(model.process(), 2);
        return model;
    }

    private static BarrierModel threeParties() {
        BarrierModel model = new BarrierModel(3);
        model.party(model.process(), 1);
        model.afterFirst(1).party(model.process(), 1);
        model.afterFirst(1).party(model.process(), 1);
        return model;
    }

    private static BarrierModel threeComeToABarrierOfTwo() {
        BarrierModel model = twoParties();
        model.afterFirst(1).party(model.process(), 1);
        return model;
    }

    private static BarrierModel oneMayGiveUp() {
        BarrierModel model = new BarrierModel(2);
        model.patientParty(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
        model.party(model.process(), 1);
        return model;
    }

    private static BarrierModel anyOfTwoMayDie() {
        BarrierModel model = twoParties().kills(1);
        model.sweeper();
        return model;
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_letsTheRightNumberThrough(Case sound, TestReporter reporter) {
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
        LAST_TO_ARRIVE_WAKES_NOBODY(
                "waits for ever",
                () -> faulty(twoParties(), on(Kind.WAKE, BarrierModel.TURN, Flaw.WAKES_NOBODY))),
        WAITER_SLEEPS_WITHOUT_COMPARING(
                "waits for ever",
                () -> faulty(twoParties(), on(Kind.AWAIT, BarrierModel.TURN, Flaw.SLEEPS_BLINDLY))),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                "for ever",
                () -> faulty(twoParties(), on(Kind.CAS, BarrierModel.TURN, Flaw.PRETENDS))),
        ARRIVED_IS_NOT_CLEARED(
                "waits for ever",
                () -> faulty(twoPartiesTwice(), BarrierModelTest::clearingNoArrivals)),
        ARRIVED_IS_ONE_TOO_MANY(
                "pass", () -> faulty(threeParties(), BarrierModelTest::countingTwo)),
        ARRIVED_IS_NOT_COUNTED(
                "", () -> faulty(twoParties(), on(Kind.PUT, BarrierModel.ARRIVED, Flaw.PRETENDS))),
        HISTORY_IS_NOT_WRITTEN(
                "came, and pass", () -> faulty(oneMayGiveUp(), BarrierModelTest::forgettingBreaks)),
        BREAK_DOES_NOT_STAY(
                "", () -> faulty(oneMayGiveUp(), on(Kind.PUT, BarrierModel.BROKEN, Flaw.PRETENDS))),
        SWEEP_NOTES_NO_DEATH("waits for ever", () -> sweepFaulty(BarrierModelTest::notingNoDeath)),
        SWEEP_NUDGES_NOBODY(
                "waits for ever",
                () -> sweepFaulty(on(Kind.CAS, BarrierModel.TURN, Flaw.PRETENDS))),
        SWEEP_WAKES_NOBODY(
                "waits for ever",
                () -> sweepFaulty(on(Kind.WAKE, BarrierModel.TURN, Flaw.WAKES_NOBODY)));

        private final String symptom;
        private final Supplier<BarrierModel> model;

        Mutant(String symptom, Supplier<BarrierModel> model) {
            this.symptom = symptom;
            this.model = model;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        BarrierModel model = mutant.model.get();

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static BarrierModel faulty(BarrierModel model, Fault fault) {
        model.fault(fault);
        return model;
    }

    private static BarrierModel sweepFaulty(Fault fault) {
        BarrierModel model = anyOfTwoMayDie();
        model.sweepFault(fault);
        return model;
    }

    private static Fault on(Kind kind, long offset, Flaw flaw) {
        return (step, _) -> step.kind() == kind && step.offset() == offset ? step.with(flaw) : null;
    }

    private static boolean counts(Step step) {
        return step.kind() == Kind.PUT && step.offset() == BarrierModel.ARRIVED;
    }

    private static @Nullable Step clearingNoArrivals(Step step, Node node) {
        return counts(step) && step.b() == 0 ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step countingTwo(Step step, Node node) {
        return counts(step) && step.b() > 0 ? step.storing(step.b() + 1) : null;
    }

    private static @Nullable Step forgettingBreaks(Step step, Node node) {
        boolean notes = step.kind() == Kind.PUT && step.offset() == BarrierModel.HISTORY;
        return notes && step.b() != 0 ? step.storing(0) : null;
    }

    private static @Nullable Step notingNoDeath(Step step, Node node) {
        boolean notes = step.kind() == Kind.CAS && step.offset() == BarrierModel.DEAD;
        return notes ? step.with(Flaw.PRETENDS) : null;
    }
}
