package dev.interlock.internal.sync;

/** How many CPUs this process has. */
public final class Cpus {
    /*
     * The JVM answers how many the calling thread may use. A thread that somebody pinned to a CPU must not be the one that asks, or
     * nobody in this JVM would look at a word before it sleeps. So the guardian asks, as soon as it is started: it may use the CPUs that
     * who joined the first region could use then.
     */
    static final boolean ONE = Runtime.getRuntime().availableProcessors() == 1;

    private Cpus() {}

    /** Asks, unless that was done before, and answers whether there is only one. */
    public static boolean isOne() {
        return ONE;
    }
}
