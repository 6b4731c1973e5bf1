package dev.interlock;

import java.io.Serializable;

/**
 * Work on one argument for another process, as a {@link ProcessPool#map} hands it out. A lambda or a method reference will do; what it
 * captures, what it is given and what it returns must be serializable. The other process works on copies.
 *
 * @param <A> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface TaskFunction<A, R> extends Serializable {
    /**
     * Does the work.
     *
     * @param argument what to work on
     * @return the result, sent back to the process that asked for it
     * @throws Exception any failure; it reaches the process that asked, with its class, message and stack trace
     */
    R apply(A argument) throws Exception;
}
