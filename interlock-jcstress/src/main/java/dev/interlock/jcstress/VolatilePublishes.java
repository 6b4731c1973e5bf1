package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A volatile write to shared memory publishes the plain writes before it. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the reader came first")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the reader came in between")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the writer came first")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "released, yet the write is unseen")
@State
public class VolatilePublishes {
    private final long place = Twice.newPlace();

    @Actor
    public void writer() {
        Twice.FIRST.setPlain(place, 1);
        Twice.FIRST.array.set((int) Twice.other(place), 1);
    }

    @Actor
    public void reader(JJ_Result result) {
        result.r1 = Twice.SECOND.array.get((int) Twice.other(place));
        result.r2 = Twice.SECOND.getPlain(place);
    }
}
