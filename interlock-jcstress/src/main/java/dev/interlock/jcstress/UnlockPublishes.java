package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** What was written under the lock is seen, as a whole, by the next owner. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the reader came first")
@Outcome(
        id = "1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "the writer came first, and all of it is seen")
@Outcome(expect = Expect.FORBIDDEN, desc = "unlocked, yet a write is unseen")
@State
public class UnlockPublishes {
    private final long place = Twice.newPlace();

    @Actor
    public void writer() {
        try (var _ = Twice.FIRST.lock.acquire()) {
            Twice.FIRST.setPlain(place, 1);
            Twice.FIRST.setPlain(Twice.other(place), 1);
        }
    }

    @Actor
    public void reader(JJ_Result result) {
        try (var _ = Twice.SECOND.lock.acquire()) {
            result.r1 = Twice.SECOND.getPlain(Twice.other(place));
            result.r2 = Twice.SECOND.getPlain(place);
        }
    }
}
