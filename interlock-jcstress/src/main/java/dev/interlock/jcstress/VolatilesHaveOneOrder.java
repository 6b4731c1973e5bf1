package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Each writes one variable and reads the other's: one of them comes second and sees the other's write (Dekker). */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "in some order")
@Outcome(
        id = "0, 0",
        expect = Expect.FORBIDDEN,
        desc = "each read before the other's write: there is no such order")
@State
public class VolatilesHaveOneOrder {
    private final long place = Twice.newPlace();

    @Actor
    public void first(JJ_Result result) {
        Twice.FIRST.array.set((int) place, 1);
        result.r1 = Twice.FIRST.array.get((int) Twice.other(place));
    }

    @Actor
    public void second(JJ_Result result) {
        Twice.SECOND.array.set((int) Twice.other(place), 1);
        result.r2 = Twice.SECOND.array.get((int) place);
    }
}
