package dev.interlock;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Work for another process that gives a result. A lambda or a method reference will do; what it captures must be serializable.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Task<T> extends Callable<T>, Serializable {
    @Override
    T call() throws Exception;
}
