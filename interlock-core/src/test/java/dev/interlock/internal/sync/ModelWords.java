package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Step;
import org.jspecify.annotations.Nullable;

/** The memory, the sleep and the clock that a {@link ModelActor} is given: each access is a step of the model. */
@SuppressWarnings("EnumOrdinal") // small numbers make small states
abstract class ModelWords implements Words {
    private ModelChecker.@Nullable Ghost withNext;
    private ModelChecker.@Nullable Ghost withNextAdd;
    private ModelChecker.@Nullable Ghost withAcquisition;
    private long nextAdd;
    private ModelChecker.@Nullable Ghost withNextCas;
    private long nextCas;

    /** Takes a step. */
    abstract long step(Step step);

    private long take(Step step) {
        ModelChecker.Ghost ghost = withNext;
        if (ghost == null) return step(step);
        withNext = null;
        return step(
                new Step(
                        step.kind(),
                        step.offset(),
                        step.a(),
                        step.b(),
                        step.interruptible(),
                        step.event(),
                        ghost,
                        step.success(),
                        null));
    }

    /** Checks or notes something, in the same instant as the step before. */
    void now(ModelChecker.Ghost ghost) {
        step(new Step(Kind.GHOST, 0, 0, 0, false, null, ghost, null, null));
    }

    /** Checks or notes something in the same instant as the step that follows. */
    void withNextStep(ModelChecker.Ghost ghost) {
        withNext = ghost;
    }

    /** Checks or notes something in the same instant as the next addition to a word. */
    void withNextAdd(long offset, ModelChecker.Ghost ghost) {
        withNextAdd = ghost;
        nextAdd = offset;
    }

    /** Checks or notes something in the same instant as the next CAS of a word. */
    void withNextCas(long offset, ModelChecker.Ghost ghost) {
        withNextCas = ghost;
        nextCas = offset;
    }

    /** Checks or notes something in the same instant as the CAS that takes the lock. */
    void withAcquisition(ModelChecker.Ghost ghost) {
        withAcquisition = ghost;
    }

    /** Goes on when something has happened. */
    long when(ModelChecker.Event event) {
        return take(new Step(Kind.EVENT, 0, 0, 0, false, event, null, null, null));
    }

    @Override
    public long get(long offset) {
        if (offset == LockModel.CONDITION + Conditions.LOCK) return LockModel.LOCK;
        return ModelChecker.isVisible(offset) ? take(Step.of(Kind.GET, offset, 0, 0)) : 0;
    }

    @Override
    public long getPlain(long offset) {
        return get(offset);
    }

    @Override
    public void put(long offset, long value) {
        if (ModelChecker.isVisible(offset)) take(Step.of(Kind.PUT, offset, 0, value));
    }

    @Override
    public void putPlain(long offset, long value) {
        put(offset, value);
    }

    @Override
    public boolean cas(long offset, long expected, long value) {
        boolean acquires =
                offset == LockModel.LOCK && LockWord.isFree(expected) && !LockWord.isFree(value);
        ModelChecker.Ghost success = acquires ? withAcquisition : null;
        if (withNextCas != null && offset == nextCas) {
            withNext = withNextCas;
            withNextCas = null;
        }
        Step step = new Step(Kind.CAS, offset, expected, value, false, null, null, success, null);
        return take(step) != 0;
    }

    @Override
    public long getAndAdd(long offset, long delta) {
        if (!ModelChecker.isVisible(offset)) return 0;
        if (withNextAdd != null && offset == nextAdd) {
            withNext = withNextAdd;
            withNextAdd = null;
        }
        return take(Step.of(Kind.ADD, offset, delta, 0));
    }

    @Override
    public int spins(int usual) {
        return 0; // each look would be a step
    }

    @Override
    public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
        Step step =
                new Step(
                        Kind.AWAIT,
                        offset,
                        expected,
                        deadlineNanos,
                        interruptible,
                        null,
                        null,
                        null,
                        null);
        return Wait.values()[(int) take(step)];
    }

    @Override
    public int wake(long offset, int count) {
        return (int) take(Step.of(Kind.WAKE, offset, count, 0));
    }

    @Override
    public long nanoTime() {
        return step(Step.of(Kind.TIME, 0, 0, 0));
    }
}
