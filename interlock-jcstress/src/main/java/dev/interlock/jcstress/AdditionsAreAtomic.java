package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** Atomic additions answer different values and are not lost. */
@JCStressTest
@Outcome(
        id = {"0, 1, 2", "1, 0, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost or done twice")
@State
public class AdditionsAreAtomic {
    private final int place = (int) Twice.newPlace();

    @Actor
    public void first(JJJ_Result result) {
        result.r1 = Twice.FIRST.array.getAndAdd(place, 1);
    }

    @Actor
    public void second(JJJ_Result result) {
        result.r2 = Twice.SECOND.array.getAndAdd(place, 1);
    }

    @Arbiter
    public void sum(JJJ_Result result) {
        result.r3 = Twice.FIRST.array.get(place);
    }
}
