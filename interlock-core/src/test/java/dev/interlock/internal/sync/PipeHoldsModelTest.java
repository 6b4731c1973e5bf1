package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Node;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Failure;
import dev.interlock.internal.sync.ModelChecker.Flaw;
import dev.interlock.internal.sync.ModelChecker.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every interleaving, and every death, of {@link PipeHolds} on small cases; see {@link PipeHoldsModel} for what is checked. Then the
 * same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class PipeHoldsModelTest {
    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        TWO_END_AND_ONE_LOOKS(model -> {
            model.closer();
            model.closer();
            model.looker();
        }),
        ONE_SENDS_A_TICKET(model -> {
            model.sender();
            model.receiver();
            model.looker();
        }),
        ONE_SENDS_A_TICKET_WHILE_ANOTHER_ENDS(model -> {
            model.sender();
            model.receiver();
            model.closer();
        }),
        SENDER_MAY_DIE(PipeHoldsModelTest::senderMayDie),
        RECEIVER_MAY_DIE(model -> {
            model.sender();
            model.kills(1).mayDie(model.receiver());
            model.sweeper();
        }),
        BOTH_MAY_DIE(model -> {
            model.kills(2).mayDie(model.sender()).mayDie(model.receiver());
            model.sweeper();
        }),
        ONE_DIES_WHILE_ANOTHER_ENDS(PipeHoldsModelTest::oneDiesWhileAnotherEnds),
        A_SWEEPER_MAY_DIE_TOO(model -> {
            model.kills(2).mayDie(model.closer());
            model.closer();
            model.mayDie(model.sweeper());
            model.sweeper();
        }),
        SLOT_IS_REUSED(PipeHoldsModelTest::slotIsReused);

        private final Consumer<PipeHoldsModel> script;

        Case(Consumer<PipeHoldsModel> script) {
            this.script = script;
        }
    }

    private static void senderMayDie(PipeHoldsModel model) {
        model.kills(1).mayDie(model.sender());
        model.receiver();
        model.looker();
        model.sweeper();
    }

    private static void oneDiesWhileAnotherEnds(PipeHoldsModel model) {
        model.kills(1).mayDie(model.closer());
        model.closer();
        model.looker();
        model.sweeper();
    }

    private static void slotIsReused(PipeHoldsModel model) {
        ModelActor mortal = model.closer();
        model.kills(1).mayDie(mortal);
        model.keeper();
        model.newcomer(mortal);
        model.sweeper();
        model.sweeper();
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderAndEveryDeath_keepTheRules(Case scene, TestReporter reporter) {
        PipeHoldsModel model = new PipeHoldsModel();
        scene.script.accept(model);

        Result result = model.search();

        reporter.publishEntry(scene + ": " + result);
        assertThat(result.states()).isGreaterThan(50);
    }

    /** Cases with one. */
    enum Mutant {
        OVER_WITHOUT_A_LOOK_AT_THE_STATE(model -> {
            model.fault(PipeHoldsModelTest::endingBlindly);
            senderMayDie(model);
        }),
        A_HOLD_IS_NOT_COUNTED(model -> {
            model.fault(PipeHoldsModelTest::notCounting);
            senderMayDie(model);
        }),
        CELLS_IN_USE_ARE_NOT_RAISED(model -> {
            model.fault(PipeHoldsModelTest::notRaising);
            model.sender();
            model.receiver();
        }),
        A_TICKET_IS_TAKEN_BLINDLY(model -> {
            model.fault(PipeHoldsModelTest::movingBlindly);
            senderMayDie(model);
        }),
        A_HOLD_IS_NOT_ENDED(model -> {
            model.fault(PipeHoldsModelTest::notFreeing);
            oneDiesWhileAnotherEnds(model);
        }),
        SWEEP_DOES_NOT_ASK_WHETHER_THE_SLOT_IS_STILL_THE_DEAD_ONES(
                model -> slotIsReused(model.neverAsks()));

        private final Consumer<PipeHoldsModel> script;

        Mutant(Consumer<PipeHoldsModel> script) {
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        PipeHoldsModel model = new PipeHoldsModel();
        mutant.script.accept(model);

        assertThatThrownBy(model::search).isInstanceOf(Failure.class);
    }

    private static boolean isCellCas(Step step) {
        return step.kind() == Kind.CAS && step.offset() >= PipeHoldsModel.CELLS;
    }

    private static boolean isStateCas(Step step) {
        return step.kind() == Kind.CAS && step.offset() == PipeHoldsModel.STATE;
    }

    private static boolean ends(Step step) {
        return (step.b() & PipeHoldsModel.OVER) != 0;
    }

    private static @Nullable Step endingBlindly(Step step, Node node) {
        return isStateCas(step) && ends(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step notCounting(Step step, Node node) {
        return isStateCas(step) && !ends(step) ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step notRaising(Step step, Node node) {
        boolean raises = step.kind() == Kind.CAS && step.offset() == PipeHoldsModel.IN_USE;
        return raises ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step movingBlindly(Step step, Node node) {
        boolean moves = isCellCas(step) && step.a() != 0 && step.b() != 0;
        return moves ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step notFreeing(Step step, Node node) {
        return isCellCas(step) && step.b() == 0 ? step.with(Flaw.PRETENDS) : null;
    }
}
