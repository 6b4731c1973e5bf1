package dev.interlock;

import java.io.Serializable;

/**
 * A {@link Runnable} that can be sent to another process: what {@link ProcessPool#submit(RunnableTask)} makes of a lambda. As an
 * {@link Action} it gives no result; as a {@code Runnable} it throws no checked exceptions.
 */
@FunctionalInterface
public interface RunnableTask extends Runnable, Serializable {}
