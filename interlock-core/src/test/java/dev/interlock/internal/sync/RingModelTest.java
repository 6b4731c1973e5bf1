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
        ONE_TO_ONE_TWO_LAPS(2, model -> {
            model.producer(4);
            model.consumer(4);
        }),
        ONE_TO_TWO_TWO_LAPS(2, model -> {
            model.producer(3);
            model.consumer(2);
            model.consumer(1);
        }),
        TWO_TO_ONE_TWO_LAPS(2, model -> {
            model.producer(2);
            model.producer(1);
            model.consumer(3);
        }),
        ONE_SLOT_ONE_TO_TWO(1, model -> {
            model.producer(2);
            model.consumer(1);
            model.consumer(1);
        }),
        ONE_SLOT_TWO_TO_ONE(1, model -> {
            model.producer(1);
            model.producer(1);
            model.consumer(2);
        }),
        ONE_GIVES_UP_A_PLACE(2, model -> {
            model.quitter(1);
            model.producer(1);
            model.consumer(2);
        }),
        ONE_GIVES_A_MESSAGE_BACK(2, model -> {
            model.producer(2);
            model.refuser(1);
            model.consumer(1);
        }),
        ONE_CONSUMER_MAY_GIVE_UP(2, model -> {
            model.producer(2);
            model.impatientConsumer().interrupts(1).timeouts(1).jumps(1);
            model.consumer(1);
        }),
        ONE_PRODUCER_MAY_GIVE_UP(1, model -> {
            model.producer(1);
            model.impatientProducer().interrupts(1).timeouts(1).jumps(1);
            model.consumer(1);
        }),
        CLOSED_WHILE_ONE_PUTS_AND_ONE_TAKES(2, model -> {
            model.producer(2);
            model.consumerToTheEnd();
            model.closer();
        }),
        CLOSED_WHILE_TWO_TAKE(1, model -> {
            model.producer(1);
            model.consumerToTheEnd();
            model.consumerToTheEnd();
            model.closer();
        }),
        A_PRODUCER_OR_CONSUMER_DIES_TWO_LAPS(2, model -> {
            model.kills(1);
            model.producer(4);
            model.consumer(4);
            model.sweeper();
        }),
        ONE_OF_TWO_PRODUCERS_DIES(2, model -> {
            model.kills(1).onlyDies(model.producer(1));
            model.producer(1);
            model.consumer(1);
            model.sweeper();
        }),
        ONE_OF_TWO_CONSUMERS_DIES(2, model -> {
            model.kills(1).onlyDies(model.consumer(1));
            model.producer(2);
            model.consumer(1);
            model.sweeper();
        }),
        ONE_OF_TWO_CONSUMERS_DIES_MESSAGES_ARE_DROPPED(2, model -> {
            model.kills(1).drops().onlyDies(model.consumer(1));
            model.producer(2);
            model.consumer(1);
            model.sweeper();
        }),
        TWO_DIE_SWEEPERS_TOO(1, model -> {
            model.kills(2);
            model.producer(1);
            model.consumer(1);
            model.sweeper();
            model.sweeper();
        }),
        CLOSED_AND_ONE_DIES(1, model -> {
            model.kills(1);
            model.producer(1);
            model.consumerToTheEnd();
            model.closer();
            model.sweeper();
        }),
        SLOT_IS_REUSED(2, model -> {
            model.kills(1);
            model.producer(1);
            model.newcomer(0);
            model.consumer(1);
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
}
