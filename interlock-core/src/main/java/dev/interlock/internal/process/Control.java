package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import java.io.IOException;
import java.nio.ByteBuffer;

/*
 *   message   kind (byte, not RELEASE), value (long)       parent to child, on the child's standard input, after the frame
 *
 * Written in one piece, so the byte by which a child lets go of its lifeline comes between two messages and never into one.
 */
/** What a parent says to a child whose task listens: a few words, seldom. */
public final class Control {
    static final int RELEASE = 1;

    private Control() {}

    /** Is told what the parent says, on a thread that serves nothing else but must not be held up for long. */
    public interface Handler {
        /** Called for each message, in order. */
        void obey(byte kind, long value);
    }

    /** Listens to this process's parent from now on. What was said before is lost. */
    public static void listen(Handler handler) {
        Lifeline lifeline = Self.lifeline();
        if (lifeline == null) throw new IllegalStateException("This process has no parent.");
        lifeline.tell(handler);
    }

    /** Says something to a child. False if it is dead. */
    public static boolean say(ChildProcess<?> child, byte kind, long value) {
        byte[] message = ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(value).array();
        try {
            ((Child<?>) child).say(message);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
