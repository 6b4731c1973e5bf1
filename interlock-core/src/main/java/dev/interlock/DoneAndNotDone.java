package dev.interlock;

import java.util.Set;
import java.util.concurrent.Future;

/**
 * What has become of some futures when the wait for them was over.
 *
 * @param <F> the type of the futures
 * @param done those that have a result, have failed or were cancelled, in the order given
 * @param notDone the others, in the order given
 */
public record DoneAndNotDone<F extends Future<?>>(Set<F> done, Set<F> notDone) {}
