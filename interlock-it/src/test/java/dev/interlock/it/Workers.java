package dev.interlock.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The threads of a child that works until it is killed, some of them virtual. */
final class Workers {
    private Workers() {}

    /** What one of them does. */
    interface Work {
        void run(int account, Random random) throws Exception;
    }

    /**
     * Runs so many threads until all are done; if one of them fails the process ends with exit code 1.
     *
     * @param me a child whose arguments are its place in the crowd and a seed
     */
    static void run(Child me, int threads, Work work) throws Exception {
        List<Thread> all = new ArrayList<>();
        me.say(KillLoop.AT_WORK);
        for (int i = 0; i < threads; i++) {
            int account = (int) me.number(0) * threads + i;
            Random random = new Random(me.number(1) + i);
            Thread.Builder builder =
                    random.nextInt(4) == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
            all.add(
                    builder.start(() -> {
                        try {
                            work.run(account, random);
                        } catch (Throwable e) {
                            e.printStackTrace();
                            Runtime.getRuntime().halt(1); // the others may wait for this one
                        }
                    }));
        }
        for (Thread thread : all) thread.join();
    }
}
