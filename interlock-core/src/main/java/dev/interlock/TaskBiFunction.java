package dev.interlock;

import java.io.Serializable;

/**
 * Work on two arguments for another process, as a {@link ProcessPool#starmap} hands it out. A lambda or a method reference will do; what
 * it captures, what it is given and what it returns must be serializable. The other process works on copies.
 *
 * @param <A> the type of the first argument
 * @param <B> the type of the second
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface TaskBiFunction<A, B, R> extends Serializable {
    /**
     * Does the work.
     *
     * @param first what to work on
     * @param second what to work on
     * @return the result, sent back to the process that asked for it
     * @throws Exception any failure; it reaches the process that asked, with its class, message and stack trace
     */
    R apply(A first, B second) throws Exception;
}
