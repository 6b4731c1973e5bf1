package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Node;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Flaw;
import dev.interlock.internal.sync.ModelChecker.Result;
import dev.interlock.internal.sync.RingModel.Mistake;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every interleaving, and every death, of {@link Ring} and {@link RingSignal} on small cases; see {@link RingModel} for what is
 * checked and {@link ModelChecker} for how. Then the same with a fault seeded into the code, which must be found.
 */
@SuppressWarnings("ImmutableEnumChecker") // the scripts have no state
class RingModelTest {
    /** Cases without a fault. The checks are the model's; that a search comes back is the result. */
    enum Case {
        ONE_TO_ONE_TWO_LAPS(
                2,
                model -> {
                    model.producer(4);
                    model.consumer(4);
                }),
        REMEMBERING_ONE_TO_ONE_TWO_LAPS(
                2,
                model -> {
                    model.remembering();
                    model.producer(3);
                    model.consumer(3);
                }),
        REMEMBERING_TWO_TO_ONE(
                2,
                model -> {
                    model.remembering();
                    model.producer(2);
                    model.producer(1);
                    model.drainer(3);
                }),
        REMEMBERING_ONE_OF_TWO_PRODUCERS_DIES(
                2,
                model -> {
                    model.remembering();
                    model.kills(1).onlyDies(model.producer(2));
                    model.producer(1);
                    model.drainer(2);
                    model.sweeper();
                }),
        TWO_TO_ONE(
                2,
                model -> {
                    model.producer(1);
                    model.producer(1);
                    model.consumer(2);
                }),
        ONE_SLOT_ONE_TO_TWO(
                1,
                model -> {
                    model.producer(2);
                    model.consumer(1);
                    model.consumer(1);
                }),
        ONE_SLOT_TWO_TO_ONE(
                1,
                model -> {
                    model.producer(1);
                    model.producer(1);
                    model.consumer(2);
                }),
        ONE_GIVES_UP_A_PLACE(
                2,
                model -> {
                    model.quitter(0);
                    model.producer(1);
                    model.consumer(1);
                }),
        ONE_GIVES_A_MESSAGE_BACK(
                2,
                model -> {
                    model.producer(1);
                    model.refuser(0);
                    model.consumer(1);
                }),
        ONE_CONSUMER_MAY_BE_INTERRUPTED(
                1,
                model -> {
                    model.producer(1);
                    model.impatientConsumer().interrupts(1);
                    model.consumer(1);
                }),
        ONE_CONSUMER_MAY_TIME_OUT(
                1,
                model -> {
                    model.producer(1);
                    model.impatientConsumer().timeouts(1).jumps(1);
                    model.consumer(1);
                }),
        ONE_PRODUCER_MAY_GIVE_UP(
                1,
                model -> {
                    model.producer(1);
                    model.impatientProducer().interrupts(1).timeouts(1).jumps(1);
                    model.consumer(1);
                }),
        CLOSED_WHILE_ONE_PUTS_AND_ONE_TAKES(
                2,
                model -> {
                    model.producer(2);
                    model.consumerToTheEnd();
                    model.closer();
                }),
        CLOSED_WHILE_TWO_TAKE(
                1,
                model -> {
                    model.consumerToTheEnd();
                    model.consumerToTheEnd();
                    model.closer();
                }),
        A_PRODUCER_OR_CONSUMER_DIES_TWO_LAPS(
                2,
                model -> {
                    model.kills(1);
                    model.producer(4);
                    model.consumer(4);
                    model.sweeper();
                }),
        ONE_OF_TWO_PRODUCERS_DIES(
                2,
                model -> {
                    model.kills(1).onlyDies(model.producer(1));
                    model.producer(1);
                    model.consumer(1);
                    model.sweeper();
                }),
        ONE_OF_TWO_CONSUMERS_DIES(1, RingModelTest::oneConsumerDies),
        ONE_OF_TWO_CONSUMERS_DIES_MESSAGES_ARE_DROPPED(1, model -> oneConsumerDies(model.drops())),
        TWO_DIE_SWEEPERS_TOO(
                1,
                model -> {
                    model.kills(2);
                    model.producer(1);
                    model.consumer(1);
                    model.sweeper();
                    model.sweeper();
                }),
        WHO_CLOSES_DIES(
                1,
                model -> {
                    model.kills(1).onlyDies(model.closer());
                    model.consumerToTheEnd();
                    model.consumerToTheEnd();
                    model.sweeper();
                }),
        CLOSED_WHILE_A_PRODUCER_DIES(
                1,
                model -> {
                    model.kills(1).onlyDies(model.producer(1));
                    model.consumerToTheEnd();
                    model.closer();
                    model.sweeper();
                }),
        A_BATCH_TWO_LAPS(
                2,
                model -> {
                    model.batcher(4);
                    model.consumer(4);
                }),
        A_BATCH_AND_ONE_TO_ONE(
                2,
                model -> {
                    model.batcher(2);
                    model.producer(1);
                    model.consumer(2);
                }),
        A_BATCH_TO_TWO(
                2,
                model -> {
                    model.batcher(2);
                    model.consumer(1);
                    model.consumer(1);
                }),
        A_BATCH_IS_WRITTEN_IN_PART(
                2,
                model -> {
                    model.failingBatcher(2, 1, 0);
                    model.producer(1);
                    model.consumer(1);
                }),
        CLOSED_WHILE_A_BATCH_IS_PUT(
                2,
                model -> {
                    model.batcher(2);
                    model.consumerToTheEnd();
                    model.closer();
                }),
        WHO_PUTS_A_BATCH_DIES(
                2,
                model -> {
                    model.kills(1).onlyDies(model.batcher(2));
                    model.consumer(1);
                    model.producer(1);
                    model.sweeper();
                }),
        A_CONSUMER_OF_A_BATCH_DIES(
                2,
                model -> {
                    model.batcher(2);
                    model.kills(1).onlyDies(model.consumer(1));
                    model.consumer(1);
                    model.sweeper();
                }),
        TWO_ARE_DRAINED(
                2,
                model -> {
                    model.producer(3);
                    model.drainer(2);
                    model.consumer(1);
                }),
        WHO_DRAINS_TWO_DIES(
                2,
                model -> {
                    model.batcher(2);
                    model.kills(1).onlyDies(model.drainer(2));
                    model.consumer(1);
                    model.sweeper();
                }),
        WHO_PUTS_A_BATCH_DIES_AND_A_SWEEPER_TOO(
                2,
                model -> {
                    model.kills(2);
                    model.batcher(2);
                    model.producer(1);
                    model.sweeper();
                    model.sweeper();
                }),
        SLOT_OF_WHO_PUT_A_BATCH_IS_REUSED(
                2,
                model -> {
                    model.kills(1).onlyDies(model.batcher(2));
                    model.newcomer(0);
                    model.sweeper();
                    model.sweeper();
                }),
        ONE_SLOT_THAT_IS_SEEN_LATE(1, model -> oneToTwo(model.lagging())),
        TWO_SLOTS_THAT_ARE_SEEN_LATE(
                2,
                model -> {
                    model.lagging();
                    model.producer(4);
                    model.consumer(4);
                }),
        A_BATCH_IN_SLOTS_THAT_ARE_SEEN_LATE(
                2,
                model -> {
                    model.lagging();
                    model.batcher(3);
                    model.consumer(3);
                }),
        CLOSED_WHILE_A_SLOT_IS_SEEN_LATE(1, model -> closedWhileTwoTake(model.lagging())),
        TWO_ARE_DRAINED_AND_THE_SLOTS_ARE_SEEN_LATE(
                2,
                model -> {
                    model.lagging();
                    model.producer(3);
                    model.drainer(2);
                }),
        A_CONSUMER_DIES_AND_SLOTS_ARE_SEEN_LATE(
                1,
                model -> {
                    model.lagging().kills(1).onlyDies(model.consumer(2));
                    model.producer(2);
                    model.sweeper();
                }),
        SLOT_IS_REUSED(
                2,
                model -> {
                    model.kills(1).onlyDies(model.producer(1));
                    model.newcomer(0);
                    model.sweeper();
                    model.sweeper();
                });

        private final int capacity;
        private final Consumer<RingModel> script;

        Case(int capacity, Consumer<RingModel> script) {
            this.capacity = capacity;
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOrderOfStepsAndDeaths_keepsTheRingSound(Case sound, TestReporter reporter) {
        RingModel model = new RingModel(sound.capacity);
        sound.script.accept(model);

        long start = System.nanoTime();
        Result result = model.search();

        if (Boolean.getBoolean("interlock.model.show"))
            System.out.println(
                    sound + " " + result + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
        reporter.publishEntry(sound.name(), result.toString());
        assertThat(result.states()).isPositive();
    }

    /** Faults, a case in which each matters, and what is to be noticed. */
    enum Mutant {
        PUBLISHING_WAKES_NOBODY(
                1, "waits for ever", model -> oneToTwo(model.fault(RingModelTest::wakingNobody))),
        WAITER_SLEEPS_WITHOUT_COMPARING(
                1,
                "waits for ever",
                model -> oneToTwo(model.fault(RingModelTest::sleepingBlindly))),
        WHO_MAY_GO_UNTOLD_DOES_NOT_LOOK_AGAIN(
                1,
                "waits for ever",
                model -> oneToTwo(model.lagging().fault(RingModelTest::notLookingAgain))),
        WHO_WAITS_FOR_THE_END_DOES_NOT_LOOK_AGAIN(
                1,
                "waits for ever",
                model -> closedWhileTwoTake(model.lagging().fault(RingModelTest::notLookingAgain))),
        WAITER_DOES_NOT_ANNOUNCE_ITSELF(
                1, "for ever", model -> oneToTwo(model.fault(RingModelTest::notAnnouncing))),
        CLAIM_DOES_NOT_COMPARE(
                2, "", model -> twoToOne(model.fault(RingModelTest::claimingBlindly))),
        CLAIM_OF_TWO_SAYS_IT_IS_OF_ONE(
                2,
                "",
                model -> {
                    model.fault(RingModelTest::claimingOne);
                    model.batcher(2);
                    model.producer(1);
                    model.consumer(2);
                }),
        CLAIM_DOES_NOT_SETTLE_THE_ONE_BEFORE(
                2,
                "",
                model -> {
                    model.fault(RingModelTest::notSettling);
                    model.kills(1).onlyDies(model.producer(1));
                    model.producer(1);
                    model.consumer(1);
                    model.sweeper();
                }),
        SWEEP_DOES_NOT_SETTLE(
                2,
                "",
                model -> {
                    model.sweepFault(RingModelTest::notSettling);
                    model.kills(1).onlyDies(model.producer(1));
                    model.producer(1);
                    model.consumer(1);
                    model.sweeper();
                }),
        SWEEP_LEAVES_A_BATCH_BEHIND_ITS_FIRST(
                2,
                "",
                model -> {
                    model.sweepFault(RingModelTest::freeingOne);
                    model.kills(1).onlyDies(model.batcher(2));
                    model.producer(1);
                    model.consumer(1);
                    model.sweeper();
                }),
        TAKE_DOES_NOT_COMPARE(1, "", model -> oneToTwo(model.fault(RingModelTest::takingBlindly))),
        A_RETURN_IS_NOT_COUNTED(
                2,
                "waits for ever",
                model -> {
                    model.fault(RingModelTest::notCountingReturns);
                    model.producer(1);
                    model.refuser(1);
                }),
        SWEEP_COUNTS_NO_RETURN(
                1,
                "waits for ever",
                model -> oneConsumerDies(model.sweepFault(RingModelTest::notCountingReturns))),
        SWEEP_WAKES_NOBODY(
                1,
                "waits for ever",
                model -> oneConsumerDies(model.sweepFault(RingModelTest::wakingNobody))),
        SWEEP_DROPS_A_MESSAGE(
                1, "", model -> oneConsumerDies(model.sweepFault(RingModelTest::emptying))),
        SWEEP_DOES_NOT_ASK_WHETHER_THE_SLOT_IS_STILL_THE_DEAD_ONES_AND_DOES_NOT_COMPARE(
                2,
                "",
                model -> {
                    model.mistake(Mistake.NEVER_ASKS_STILL_DYING);
                    model.sweepFault(RingModelTest::freeingBlindly);
                    model.kills(1).onlyDies(model.producer(1));
                    model.newcomer(0);
                    model.consumer(1);
                    model.sweeper();
                    model.sweeper();
                });

        private final int capacity;
        private final String symptom;
        private final Consumer<RingModel> script;

        Mutant(int capacity, String symptom, Consumer<RingModel> script) {
            this.capacity = capacity;
            this.symptom = symptom;
            this.script = script;
        }
    }

    private static void oneToTwo(RingModel model) {
        model.producer(2);
        model.consumer(1);
        model.consumer(1);
    }

    private static void twoToOne(RingModel model) {
        model.producer(1);
        model.producer(1);
        model.consumer(2);
    }

    private static void closedWhileTwoTake(RingModel model) {
        model.closingProducer();
        model.consumerToTheEnd();
        model.consumerToTheEnd();
    }

    private static void oneConsumerDies(RingModel model) {
        model.kills(1).onlyDies(model.consumer(1));
        model.producer(1);
        model.consumer(1);
        model.sweeper();
    }

    @ParameterizedTest
    @EnumSource
    void everySeededFault_isFound(Mutant mutant) {
        RingModel model = new RingModel(mutant.capacity);
        mutant.script.accept(model);

        assertThatThrownBy(model::search)
                .isInstanceOf(AssertionError.class) // a Failure, or what the code itself notices
                .hasMessageNotContaining("too big")
                .hasMessageContaining(mutant.symptom);
    }

    private static boolean isSlot(Step step) {
        return step.offset() >= RingLayout.BYTES && step.kind() == Kind.CAS;
    }

    private static @Nullable Step wakingNobody(Step step, Node node) {
        return step.kind() == Kind.WAKE ? step.with(Flaw.WAKES_NOBODY) : null;
    }

    private static @Nullable Step sleepingBlindly(Step step, Node node) {
        return step.kind() == Kind.AWAIT ? step.with(Flaw.SLEEPS_BLINDLY) : null;
    }

    private static @Nullable Step notLookingAgain(Step step, Node node) {
        return step.kind() == Kind.AWAIT ? step.storing(Words.NEVER) : null;
    }

    private static @Nullable Step notAnnouncing(Step step, Node node) {
        boolean announces =
                step.kind() == Kind.CAS && step.offset() == RingLayout.ITEMS && step.a() == 0;
        return announces ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step claimingBlindly(Step step, Node node) {
        boolean claims = step.offset() == RingLayout.TAIL && step.kind() == Kind.CAS;
        return claims ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step notSettling(Step step, Node node) {
        boolean settles = isSlot(step) && RingWord.state(step.b()) == RingWord.WRITING;
        return settles ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step claimingOne(Step step, Node node) {
        boolean claims = isSlot(step) && RingWord.positions(step.b()) == 2;
        return claims ? step.storing(RingWord.writing(0, RingWord.slot(step.b()), 1)) : null;
    }

    private static @Nullable Step freeingOne(Step step, Node node) {
        boolean behind =
                isSlot(step)
                        && step.offset() != RingLayout.BYTES
                        && RingWord.state(step.a()) != RingWord.WRITING;
        return behind ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step takingBlindly(Step step, Node node) {
        boolean takes = isSlot(step) && RingWord.state(step.b()) == RingWord.READING;
        return takes ? step.with(Flaw.STORES_BLINDLY) : null;
    }

    private static @Nullable Step notCountingReturns(Step step, Node node) {
        return step.kind() == Kind.ADD ? step.with(Flaw.PRETENDS) : null;
    }

    private static @Nullable Step emptying(Step step, Node node) {
        boolean redelivers = isSlot(step) && RingWord.state(step.b()) == RingWord.FULL;
        return redelivers ? step.storing(RingWord.empty(RingWord.lap(step.b()) + 1)) : null;
    }

    private static @Nullable Step freeingBlindly(Step step, Node node) {
        return isSlot(step) ? step.with(Flaw.STORES_BLINDLY) : null;
    }
}
