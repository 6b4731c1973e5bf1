package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** Plain reads and writes under the lock are not lost. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "both added one")
@Outcome(
        expect = Expect.FORBIDDEN,
        desc = "an addition was lost: both were inside, or one did not see the other's write")
@State
public class LockGuards {
    private final long place = Twice.newPlace();

    private void addOne(Twice mapping) {
        try (var _ = mapping.lock.acquire()) {
            mapping.setPlain(place, mapping.getPlain(place) + 1);
        }
    }

    @Actor
    public void first() {
        addOne(Twice.FIRST);
    }

    @Actor
    public void second() {
        addOne(Twice.SECOND);
    }

    @Arbiter
    public void sum(J_Result result) {
        result.r1 = Twice.FIRST.getPlain(place);
    }
}
