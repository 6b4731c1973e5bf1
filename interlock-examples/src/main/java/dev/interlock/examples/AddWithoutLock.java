package dev.interlock.examples;

import dev.interlock.ChildProcess;

/** Two processes add to a number of their own, with nothing to keep their steps apart: the lines mix. */
public final class AddWithoutLock {
    private AddWithoutLock() {}

    static void add(int step) throws InterruptedException {
        int number = 0;
        for (int i = 0; i < 4; i++) {
            Thread.sleep(400);
            int before = number;
            number += step;
            System.out.println("add " + step + ": number = " + before + " -> " + number);
        }
    }

    public static void main(String[] args) throws Exception {
        var p1 = ChildProcess.start(() -> add(1));
        var p2 = ChildProcess.start(() -> add(3));
        System.out.println("main: both processes are started");
        p1.get(); // waits, and throws what the child threw
        p2.get();
    }
}
