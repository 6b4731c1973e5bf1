package dev.interlock;

import java.io.Serializable;

/**
 * Work for another process that gives no result. A lambda or a method reference will do; what it captures must be serializable. The
 * other process works on copies of what was captured.
 */
@FunctionalInterface
public interface Action extends Serializable {
    /**
     * Does the work.
     *
     * @throws Exception any failure; it reaches the process that asked, with its class, message and stack trace
     */
    void run() throws Exception;
}
