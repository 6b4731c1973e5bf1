package dev.interlock.examples.readme;

import dev.interlock.ChildProcess;
import java.util.concurrent.ExecutionException;

public class Children {
    static long sum(long upTo) {
        if (upTo < 0) throw new IllegalArgumentException("upTo is " + upTo);
        return upTo * (upTo + 1) / 2;
    }

    public static void main(String[] args) throws Exception {
        ChildProcess<Long> good =
                ChildProcess.of(() -> sum(100)).name("adder").jvmOptions("-Xmx64m").start();
        ChildProcess<Long> bad = ChildProcess.of(() -> sum(-1)).outputPrefix("bad: ").start();
        System.out.println(good.get()); // 5050
        try {
            bad.get();
        } catch (ExecutionException e) {
            System.out.println(e.getCause()); // java.lang.IllegalArgumentException: upTo is -1
            System.out.println(bad.exitStatus()); // exited(1)
        }
    }
}
