package dev.interlock;

import java.io.Serializable;

/** Work for another process that gives no result. A lambda or a method reference will do; what it captures must be serializable. */
@FunctionalInterface
public interface Action extends Serializable {
    /**
     * Does the work.
     *
     * @throws Exception any failure; it reaches the parent process
     */
    void run() throws Exception;
}
