package dev.interlock.it;

import static java.util.Objects.requireNonNull;

import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.internal.os.KillPoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** The main program of all children: runs one static method, and talks with its parent by lines. See {@link ChildJvm}. */
final class Child {
    /*
     * No lambdas on the way of all children, and in their module no string concatenation by invokedynamic: the first of each costs a
     * JVM four milliseconds of its start, and thousands are started.
     */

    /** What an operation says that was not killed. */
    static final String COMPLETED = "completed";

    /** What it says when it has come to the step that is to be its last. */
    static final String AT_STEP = "at the step";

    private static final int PARENT_IS_GONE = 99;
    private static final long MANY_STEPS = 1_000_000;

    private final String[] words;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private long armedFor;
    private volatile boolean isEnding; // and nobody has more to say to it

    private Child(String[] words) {
        this.words = words;
    }

    /** Runs {@code static void words[1](Child)} of the class {@code words[0]} in the directory {@code words[2]}. */
    public static void main(String[] words) throws Exception {
        Child me = new Child(words);
        me.new Listener().start();
        Method verb = Class.forName(words[0]).getDeclaredMethod(words[1], Child.class);
        verb.setAccessible(true);
        try {
            verb.invoke(null, me);
        } catch (InvocationTargetException e) {
            requireNonNull(e.getCause()).printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private final class Listener extends Thread {
        Listener() {
            super("listener");
            setDaemon(true);
        }

        @Override
        public void run() {
            try (var in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line; (line = in.readLine()) != null; ) heard.add(line);
            } catch (IOException e) {
                System.err.println(e);
            }
            if (!isEnding) Runtime.getRuntime().halt(PARENT_IS_GONE);
        }
    }

    Path directory() {
        return Path.of(words[2]);
    }

    RegionOptions options() {
        return RegionOptions.defaults().directory(directory());
    }

    Region open(String name) {
        return Region.open(name, options());
    }

    String arg(int i) {
        return words[3 + i];
    }

    long number(int i) {
        return Long.parseLong(arg(i));
    }

    /** All arguments. */
    String[] args() {
        return Arrays.copyOfRange(words, 3, words.length);
    }

    synchronized void say(Object line) {
        System.out.println(line);
        System.out.flush();
    }

    String hear() throws InterruptedException {
        return heard.take();
    }

    /** Waits to be killed. */
    void sleepForEver() {
        while (true) LockSupport.park();
    }

    /**
     * From now on this thread's k-th step is its last: it stands still there, tells the parent, and the parent kills the process or
     * does with it what it likes. k is the first argument; 0 counts the steps instead.
     */
    void armHere() {
        arm(Thread.currentThread());
    }

    /** The same for the guardian thread of the library. */
    void armGuardian() {
        arm(guardian());
    }

    /** Stands still before this thread's k-th step until the parent says something. */
    void pauseHere() {
        KillPoints.atStep(
                number(0),
                Thread.currentThread(),
                () -> {
                    say(AT_STEP);
                    try {
                        hear();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private void arm(Thread thread) {
        armedFor = number(0) == 0 ? MANY_STEPS : number(0);
        KillPoints.atStep(armedFor, thread, new WaitForDeath());
    }

    /* By the parent, as native access would first have to be linked here, and change what is tested. */
    private final class WaitForDeath implements Runnable {
        @Override
        public void run() {
            say(AT_STEP);
            sleepForEver();
        }
    }

    /** Tells the parent that the operation is done, and how many steps it took. What it still does is to end. */
    void completed() {
        isEnding = true;
        say(COMPLETED + " " + (armedFor - KillPoints.disarm()));
    }

    /** Waits until the guardian sleeps, having armed its life word. */
    static Thread guardian() {
        Thread[] threads = new Thread[100];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().equals("interlock-guardian")) return threads[i];
        }
        throw new IllegalStateException("no guardian: open a region first");
    }
}
