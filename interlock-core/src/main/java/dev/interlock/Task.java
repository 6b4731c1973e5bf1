package dev.interlock;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Work for another process that gives a result. A lambda or a method reference will do; what it captures and what it returns must be
 * serializable. The other process works on copies of what was captured: changes are not seen here. Share memory through a
 * {@link Region}, whose handles may be captured.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Task<T> extends Callable<T>, Serializable {
    /**
     * Does the work.
     *
     * @return the result, sent back to the process that asked for it
     * @throws Exception any failure; it reaches the process that asked, with its class, message and stack trace
     */
    @Override
    T call() throws Exception;
}
