package dev.interlock;

import java.util.concurrent.Future;

/** A future that is not one of ours, as something to wait for. */
record FutureEnd(Future<?> future) implements Waitable {}
