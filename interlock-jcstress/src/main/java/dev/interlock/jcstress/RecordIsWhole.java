package dev.interlock.jcstress;

import dev.interlock.jcstress.Twice.Pair;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A reader sees a value that was written, never parts of two. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "both halves are of one value")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "torn: the halves are of two values")
@State
public class RecordIsWhole {
    private final long place = Twice.newPlace(); // a number that no other state has at the time

    @Actor
    public void writer() {
        Twice.FIRST.record.set(new Pair(place, ~place));
        Twice.FIRST.record.update(pair -> new Pair(pair.left() + 1, ~(pair.left() + 1)));
    }

    @Actor
    public void reader(Z_Result result) {
        Pair pair = Twice.SECOND.record.get();
        boolean untouched = pair.left() == 0 && pair.right() == 0;
        result.r1 = untouched || pair.right() == ~pair.left();
    }
}
