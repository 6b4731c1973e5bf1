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
 * Every interleaving, and every death, of {@link Events}, {@link Latches} and what they stand on, {@link SignalWord}, on small
 * cases; see {@link SignalModel} for what is checked. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class SignalModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        EVENT_TWO_WAIT_ONE_SETS(SignalModelTest::twoWait),
        EVENT_TWO_WAIT_TWO_SET(() -> {
            SignalModel model = twoWait();
            model.setter(model.process());
            return model;
        }),
        EVENT_TWO_WAIT_ONE_SETS_AND_CLEARS(SignalModelTest::twoWaitForAPulse),
        EVENT_ONE_WAITS_TWO_SET_AND_CLEAR(() -> {
            SignalModel model = SignalModel.event();
            model.waiter(model.process(), Words.NEVER);
            model.pulser(model.process());
            model.pulser(model.process());
            return model;
        }),
        EVENT_ONE_SETS_WHILE_ANOTHER_CLEARS(SignalModelTest::oneSetsWhileAnotherClears),
        EVENT_ONE_SETS_WHILE_TWO_CLEAR(SignalModelTest::oneSetsWhileTwoClear),
        EVENT_ONE_WATCHES(() -> {
            SignalModel model = SignalModel.event();
            model.watcher(model.process());
            model.waiter(model.process(), Words.NEVER);
            model.setter(model.process());
            return model;
        }),
        EVENT_ONE_OF_TWO_MAY_GIVE_UP(
                SignalModelTest::oneOfTwoMayGiveUp,
                SignalModel.ONE_SLEPT | SignalModel.ONE_TIMED_OUT),
        EVENT_ANY_MAY_DIE(SignalModelTest::anyMayDie),
        EVENT_ANY_MAY_DIE_WHILE_ONE_SETS_AND_CLEARS(() -> {
            SignalModel model = twoWaitForAPulse().kills(1);
            model.sweeper();
            return model;
        }),
        EVENT_TWO_MAY_DIE_SWEEPERS_TOO(() -> {
            SignalModel model = anyMayDie().kills(2);
            model.sweeper();
            return model;
        }),
        LATCH_TWO_WAIT_FOR_TWO(() -> twoWaitForTwo(2)),
        LATCH_THREE_COUNT_DOWN_FROM_TWO(() -> {
            SignalModel model = SignalModel.latch(2);
            model.waiter(model.process(), Words.NEVER);
            model.setterOfTwo(model.process());
            model.setter(model.process());
            return model;
        }),
        LATCH_TOO_FEW_COUNT_DOWN(() -> twoWaitForTwo(3)),
        LATCH_ONE_WATCHES(() -> {
            SignalModel model = SignalModel.latch(1);
            model.watcher(model.process());
            model.waiter(model.process(), Words.NEVER);
            model.setter(model.process());
            return model;
        }),
        LATCH_ONE_MAY_GIVE_UP(() -> {
            SignalModel model = SignalModel.latch(2);
            model.waiter(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
            model.waiter(model.process(), Words.NEVER);
            model.setterOfTwo(model.process());
            return model;
        }),
        LATCH_ANY_MAY_DIE(() -> {
            SignalModel model = SignalModel.latch(1).kills(1);
            model.waiter(model.process(), Words.NEVER);
            model.waiter(model.process(), Words.NEVER);
            model.setter(model.process());
            model.sweeper();
            return model;
        }),
        LATCH_ANY_OF_TWO_THAT_COUNT_MAY_DIE(() -> {
            SignalModel model = SignalModel.latch(2).kills(1);
            model.waiter(model.process(), Words.NEVER);
            model.setter(model.process());
            model.setterOfTwo(model.process());
            model.sweeper();
            return model;
        });

        private final Supplier<SignalModel> model;
        private final long reaches; // bits that the search must see

        Case(Supplier<SignalModel> model) {
            this(model, 0);
        }

        Case(Supplier<SignalModel> model, long reaches) {
            this.model = model;
            this.reaches = reaches;
        }
    }

    private static SignalModel oneOfTwoMayGiveUp() {
        SignalModel model = SignalModel.event();
        model.waiter(model.process(), MILLI).interrupts(1).timeouts(1).jumps(1);
        model.waiter(model.process(), Words.NEVER);
        model.setter(model.process());
        return model;
    }

    private static SignalModel twoWait() {
        SignalModel model = SignalModel.event();
        model.waiter(model.process(), Words.NEVER);
        model.waiter(model.process(), Words.NEVER);
        model.setter(model.process());
        return model;
    }

    private static SignalModel twoWaitForAPulse() {
        SignalModel model = SignalModel.event();
        model.waiter(model.process(), Words.NEVER);
        model.waiter(model.process(), Words.NEVER);
        model.pulser(model.process());
        return model;
    }

    private static SignalModel oneSetsWhileAnotherClears() {
        SignalModel model = twoWaitForAPulse();
        model.setter(model.process());
        return model;
    }

    private static SignalModel oneSetsWhileTwoClear() {
        SignalModel model = SignalModel.event();
        model.waiter(model.process(), Words.NEVER);
        model.pulser(model.process());
        model.pulser(model.process());
        model.setter(model.process());
        return model;
    }

    private static SignalModel anyMayDie() {
        SignalModel model = twoWait().kills(1);
        model.sweeper();
        return model;
    }

    private static SignalModel twoWaitForTwo(int count) {
        SignalModel model = SignalModel.latch(count);
        model.waiter(model.process(), Words.NEVER);
        model.waiter(model.process(), Words.NEVER);
        model.setter(model.process());
        model.setter(model.process());
        return model;
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsPromises(Case sound, TestReporter reporter) {
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
        SET_WAKES_NOBODY(
                "waits for ever", () -> faulty(twoWait(), on(Kind.WAKE, Flaw.WAKES_NOBODY))),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                "runs for ever", () -> faulty(twoWait(), SignalModelTest::pretendingToAnnounce)),
        WAITER_SLEEPS_WITHOUT_COMPARING(
                "waits for ever", () -> faulty(twoWait(), on(Kind.AWAIT, Flaw.SLEEPS_BLINDLY))),
        ANNOUNCEMENT_DOES_NOT_COMPARE(
                "", // whatever comes first
                () -> faulty(twoWait(), SignalModelTest::announcingBlindly)),
        NOBODY_WAITS_ANY_MORE_DOES_NOT_COMPARE(
                "waits for ever",
                () -> faulty(oneSetsWhileAnotherClears(), SignalModelTest::clearingBlindly)),
        SET_FORGETS_WHO_WAITS_AND_DIES(
                "waits for ever",
                () -> faulty(anyMayDie(), SignalModelTest::settingWithoutWaiters)),
        SET_KEEPS_THE_NUMBER(
                "waits for ever",
                () -> faulty(twoWaitForAPulse(), SignalModelTest::settingWithSameNumber)),
        CLEAR_DOES_NOT_COMPARE(
                "waits for ever",
                () -> faulty(oneSetsWhileTwoClear(), SignalModelTest::unsettingBlindly)),
        SWEEP_WAKES_NOBODY(
                "waits for ever",
                () -> {
                    SignalModel model = anyMayDie();
                    model.sweepFault(on(Kind.WAKE, Flaw.WAKES_NOBODY));
                    return model;
                }),
        COUNT_DOWN_DOES_NOT_COMPARE(
                "too little was counted down",
                () -> faulty(twoWaitForTwo(3), SignalModelTest::countingBlindly)),
        LAST_COUNT_WAKES_NOBODY(
                "waits for ever", () -> faulty(twoWaitForTwo(2), on(Kind.WAKE, Flaw.WAKES_NOBODY))),
        COUNT_OF_TWO_AT_ONCE(
                "ended before",
                () -> {
                    SignalModel model = SignalModel.latch(2);
                    model.setter(model.process());
                    model.waiter(model.process(), Words.NEVER);
                    return faulty(model, SignalModelTest::countingTwo);
                });

        private final String symptom;
        private final Supplier<SignalModel> model;

        Mutant(String symptom, Supplier<SignalModel> model) {
            this.symptom = symptom;
            this.model = model;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        SignalModel model = mutant.model.get();

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static SignalModel faulty(SignalModel model, Fault fault) {
        model.fault(fault);
        return model;
    }

    private static Fault on(Kind kind, Flaw flaw) {
        return (step, _) ->
                step.kind() == kind && step.offset() == LockModel.LOCK ? step.with(flaw) : null;
    }

    private static boolean changes(Step step) {
        return step.kind() == Kind.CAS && step.offset() == LockModel.LOCK;
    }

    private static boolean announces(Step step) {
        return changes(step) && step.b() == step.a() + SignalWord.W;
    }

    private static boolean sets(Step step) {
        return changes(step) && step.b() >>> 2 != step.a() >>> 2;
    }

    private static @Nullable Step pretendingToAnnounce(Step step, Node node) {
        return announces(step) ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step announcingBlindly(Step step, Node node) {
        return announces(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step clearingBlindly(Step step, Node node) {
        boolean clears = changes(step) && step.a() == step.b() + SignalWord.W;
        return clears ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step settingWithoutWaiters(Step step, Node node) {
        return sets(step) ? step.storing(step.b() & ~SignalWord.W) : null;
    }

    private static @Nullable Step settingWithSameNumber(Step step, Node node) {
        return sets(step) ? step.storing(step.b() - 4) : null;
    }

    private static @Nullable Step unsettingBlindly(Step step, Node node) {
        boolean unsets = changes(step) && step.a() == step.b() + 2;
        return unsets ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step countingBlindly(Step step, Node node) {
        return sets(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step countingTwo(Step step, Node node) {
        return sets(step) ? step.storing(Latches.initial(0) | (step.b() & SignalWord.W)) : null;
    }
}
