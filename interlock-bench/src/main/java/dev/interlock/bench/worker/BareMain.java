package dev.interlock.bench.worker;

/** Tells the time at the first line of {@code main}, and ends. */
public final class BareMain {
    private BareMain() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        System.out.println(System.nanoTime());
    }
}
