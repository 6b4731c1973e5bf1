package dev.interlock.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A reader that only tries sees all that was written under the lock, if it gets the lock. */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "the writer had the lock")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the reader came first")
@Outcome(
        id = "1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "the writer came first, and all of it is seen")
@Outcome(expect = Expect.FORBIDDEN, desc = "unlocked, yet a write is unseen")
@State
public class TryLockPublishes {
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
        result.r1 = -1;
        result.r2 = -1;
        if (!Twice.SECOND.lock.tryLock()) return;
        result.r1 = Twice.SECOND.getPlain(Twice.other(place));
        result.r2 = Twice.SECOND.getPlain(place);
        Twice.SECOND.lock.unlock();
    }
}
