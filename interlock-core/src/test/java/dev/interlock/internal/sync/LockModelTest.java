package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.sync.LockModel.Mistake;
import dev.interlock.internal.sync.LockModel.Policy;
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
 * Every interleaving, and every death, of {@link LockState} and {@link LockSweep} on small cases; see {@link LockModel} for what is
 * checked and {@link ModelChecker} for how. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class LockModelTest {
    private static final long MILLI = 1_000_000;

    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        TWO_LOCK_TWICE(model -> {
            model.locker(model.process(), 2);
            model.locker(model.process(), 2);
        }),
        THREE_LOCK_ONCE(LockModelTest::threeLockers),
        THREE_LOCK_ONE_OF_THEM_TWICE(model -> {
            model.locker(model.process(), 2);
            model.locker(model.process(), 1);
            model.locker(model.process(), 1);
        }),
        THREE_SPIN_FIRST(model -> {
            threeLockers(model);
            model.spins(2);
        }),
        ANY_MAY_STARVE(model -> {
            model.locker(model.process(), 1).jumps(1);
            model.locker(model.process(), 1).jumps(1);
            model.locker(model.process(), 1).jumps(1);
        }),
        TWO_WAIT_WHILE_ONE_BARGES_TWICE(model -> {
            model.locker(model.process(), 1).jumps(1);
            model.locker(model.process(), 1);
            model.barger(model.process(), 2);
        }),
        TWO_MAY_GIVE_UP(model -> {
            model.trier(model.process(), 1, MILLI).interrupts(1).timeouts(1).jumps(1);
            model.trier(model.process(), 1, 3 * MILLI).timeouts(1).jumps(1);
            model.locker(model.process(), 1);
        }),
        ONE_MAY_GIVE_UP_AND_ANY_MAY_DIE(model -> {
            model.kills(1);
            model.trier(model.process(), 1, MILLI).interrupts(1).timeouts(1).jumps(1);
            model.locker(model.process(), 1);
            model.locker(model.process(), 1);
            model.sweeper();
        }),
        ONE_OF_THREE_DIES(
                LockModelTest::oneOfThreeDies,
                Integer.toUnsignedLong(LockWord.WAITERS | LockWord.ABANDONED | LockWord.STARVED)),
        ONE_OF_THREE_DIES_POLICY_THROW(model -> oneOfThreeDies(model.policy(Policy.THROW))),
        ONE_OF_THREE_DIES_POLICY_IGNORE(model -> oneOfThreeDies(model.policy(Policy.IGNORE))),
        TWO_OF_FOUR_DIE_SWEEPERS_TOO(model -> {
            model.kills(2);
            model.locker(model.process(), 1);
            model.locker(model.process(), 1);
            model.sweeper();
            model.sweeper();
        }),
        A_PROCESS_OF_TWO_THREADS_DIES(model -> {
            model.kills(1);
            int process = model.process();
            model.locker(process, 1).inOwnThread();
            model.locker(process, 1).inOwnThread();
            model.locker(model.process(), 1);
            model.sweeper();
        }),
        SLOT_IS_REUSED(LockModelTest::slotIsReused),
        SLOT_IS_REUSED_POLICY_THROW(model -> slotIsReused(model.policy(Policy.THROW))),
        SLOT_IS_REUSED_TWICE(model -> {
            model.kills(2);
            int process = model.process();
            model.locker(process, 1);
            int second = model.successorOf(process);
            model.newcomer(second);
            model.newcomer(model.successorOf(second));
            model.sweeper();
            model.sweeper();
        }),
        NOBODY_ANNOUNCES_DEATHS(model -> {
            model.kills(1).waitersSweep();
            model.locker(model.process(), 1).timeouts(1);
            model.locker(model.process(), 1).timeouts(1);
            model.locker(model.process(), 1);
        }),
        NOBODY_ANNOUNCES_DEATHS_TO_WHO_DOES_NOT_WAIT(model -> {
            model.kills(1).waitersSweep();
            model.barger(model.process(), 2);
            model.locker(model.process(), 1).timeouts(1);
        }),
        NOBODY_ANNOUNCES_THE_DEATHS_OF_TWO(model -> {
            model.kills(2).waitersSweep();
            threeLockers(model);
        });

        private final Consumer<LockModel> script;
        private final long reaches; // bits that the search must see

        Case(Consumer<LockModel> script) {
            this(script, 0);
        }

        Case(Consumer<LockModel> script, long reaches) {
            this.script = script;
            this.reaches = reaches;
        }
    }

    private static void threeLockers(LockModel model) {
        for (int i = 0; i < 3; i++) model.locker(model.process(), 1);
    }

    private static void oneOfThreeDies(LockModel model) {
        model.kills(1);
        threeLockers(model);
        model.sweeper();
    }

    /* A sweeper may stop before any step and go on when the slot belongs to another process. */
    private static void slotIsReused(LockModel model) {
        model.kills(1);
        int process = model.process();
        model.locker(process, 1);
        model.locker(model.process(), 1);
        model.newcomer(model.successorOf(process));
        model.sweeper();
        model.sweeper();
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsTheLockSound(Case sound, TestReporter reporter) {
        LockModel model = new LockModel();
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
        RELEASE_DROPS_WAITERS(
                "waits for ever",
                model -> threeLockers(model.fault(LockModelTest::droppingWaiters))),
        RELEASE_WAKES_NOBODY(
                "waits for ever",
                model -> threeLockers(model.fault(on(Kind.WAKE, Flaw.WAKES_NOBODY)))),
        WAKE_ALWAYS_CLEARS_WAITERS(
                "waits for ever",
                model -> threeLockers(model.fault(LockModelTest::clearingWaiters))),
        ACQUIRE_DROPS_WAITERS(
                "waits for ever",
                model -> threeLockers(model.fault(LockModelTest::acquiringWithoutWaiters))),
        ACQUIRE_DOES_NOT_COMPARE(
                "number has not grown",
                model -> threeLockers(model.fault(LockModelTest::acquiringBlindly))),
        ACQUIRE_KEEPS_NUMBER(
                "number has not grown",
                model -> threeLockers(model.fault(LockModelTest::acquiringWithSameNumber))),
        WAITER_SLEEPS_WITHOUT_COMPARING(
                "waits for ever",
                model -> threeLockers(model.fault(on(Kind.AWAIT, Flaw.SLEEPS_BLINDLY)))),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                "runs for ever",
                model -> threeLockers(model.fault(LockModelTest::pretendingToAnnounce))),
        GIVING_UP_KEEPS_THE_WAKE_UP(
                "waits for ever",
                model -> {
                    model.fault(LockModelTest::givingUpWithoutWaking);
                    model.trier(model.process(), 1, MILLI / 2).jumps(1).jumpNanos(MILLI * 3 / 4);
                    model.locker(model.process(), 1).jumps(1);
                    model.locker(model.process(), 2);
                }),
        BEING_INTERRUPTED_KEEPS_THE_WAKE_UP(
                "waits for ever",
                model -> {
                    model.fault(LockModelTest::givingUpWithoutWaking);
                    model.trier(model.process(), 1, Words.NEVER).interrupts(1);
                    model.locker(model.process(), 1).jumps(1);
                    model.locker(model.process(), 2);
                }),
        REFUSING_AN_ABANDONED_LOCK_KEEPS_THE_WAKE_UP(
                "waits for ever",
                model ->
                        oneOfThreeDies(
                                model.policy(Policy.THROW)
                                        .fault(LockModelTest::givingUpWithoutWaking))),
        SWEEP_WAKES_NOBODY(
                "waits for ever",
                model -> oneOfThreeDies(model.sweepFault(on(Kind.WAKE, Flaw.WAKES_NOBODY)))),
        SWEEP_DROPS_WAITERS(
                "waits for ever",
                model -> oneOfThreeDies(model.sweepFault(LockModelTest::freeingWithoutWaiters))),
        SWEEP_HIDES_THE_DEATH(
                "abandoned: false, not true",
                model -> oneOfThreeDies(model.sweepFault(LockModelTest::freeingUnabandoned))),
        SWEEP_DOES_NOT_COMPARE(
                "lost its owner",
                model -> slotIsReused(model.sweepFault(LockModelTest::freeingBlindly))),
        SWEEP_DOES_NOT_ASK_WHETHER_THE_SLOT_IS_STILL_THE_DEAD_ONES(
                "lost its owner",
                model -> slotIsReused(model.mistake(Mistake.NEVER_ASKS_STILL_DYING))),
        SLOT_IS_FREED_BEFORE_THE_SWEEP(
                "at the end the word is",
                model -> slotIsReused(model.mistake(Mistake.SLOT_IS_FREED_FIRST)));

        private final String symptom;
        private final Consumer<LockModel> script;

        Mutant(String symptom, Consumer<LockModel> script) {
            this.symptom = symptom;
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        LockModel model = new LockModel();
        mutant.script.accept(model);

        assertThatThrownBy(model::search)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(mutant.symptom);
    }

    private static Fault on(Kind kind, Flaw flaw) {
        return (step, _) ->
                step.kind() == kind && step.offset() == LockModel.LOCK ? step.with(flaw) : null;
    }

    private static boolean acquires(Step step) {
        return step.kind() == Kind.CAS && LockWord.isFree(step.a()) && !LockWord.isFree(step.b());
    }

    private static boolean sweeps(Step step) {
        return step.kind() == Kind.CAS
                && step.offset() == LockModel.LOCK
                && LockWord.isFree(step.b());
    }

    /* A waiter that slept announces itself anew when it acquires: that alone would make up for what these two do. */
    private static @Nullable Step droppingWaiters(Step step, Node node) {
        if (step.kind() == Kind.ADD) return step.with(Flaw.ADD_CLEARS_ALL);
        return acquiringWithoutWaiters(step, node);
    }

    private static @Nullable Step clearingWaiters(Step step, Node node) {
        if (step.kind() == Kind.WAKE) return step.with(Flaw.WAKES_UNTOLD);
        boolean announces = acquires(step) && !LockWord.has(step.a(), LockWord.WAITERS);
        return announces ? acquiringWithoutWaiters(step, node) : null;
    }

    private static @Nullable Step acquiringBlindly(Step step, Node node) {
        return acquires(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step acquiringWithoutWaiters(Step step, Node node) {
        if (!acquires(step)) return null;
        return step.storing(LockWord.without(step.b(), LockWord.WAITERS));
    }

    private static @Nullable Step acquiringWithSameNumber(Step step, Node node) {
        return acquires(step) ? step.storing(step.b() - (1L << 32)) : null;
    }

    private static @Nullable Step pretendingToAnnounce(Step step, Node node) {
        boolean announces = step.kind() == Kind.CAS && !LockWord.isFree(step.a());
        return announces ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step givingUpWithoutWaking(Step step, Node node) {
        boolean releases = node.last == Kind.ADD;
        return step.kind() == Kind.WAKE && !releases ? step.with(Flaw.WAKES_NOBODY) : null;
    }

    private static @Nullable Step freeingWithoutWaiters(Step step, Node node) {
        return sweeps(step) ? step.storing(LockWord.without(step.b(), LockWord.WAITERS)) : null;
    }

    private static @Nullable Step freeingUnabandoned(Step step, Node node) {
        return sweeps(step) ? step.storing(LockWord.without(step.b(), LockWord.ABANDONED)) : null;
    }

    private static @Nullable Step freeingBlindly(Step step, Node node) {
        return sweeps(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }
}
