package dev.interlock.internal.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to other processes while an object is turned into bytes, and has to be taken back if the bytes do not get there: the
 * holds on ends of pipes. Those who turn objects into bytes begin it, those that are turned note themselves.
 */
public final class Transit {
    private static final ThreadLocal<@Nullable Transit> CURRENT = new ThreadLocal<>();

    private final List<Runnable> sent = new ArrayList<>();

    /**
     * From now on the calling thread's handles note themselves here.
     *
     * @return what they did before, for {@link #end}
     */
    public @Nullable Transit begin() {
        Transit outer = CURRENT.get();
        CURRENT.set(this);
        return outer;
    }

    /** As it was before {@link #begin}. */
    public void end(@Nullable Transit outer) {
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
    }

    /**
     * Notes that the calling thread sends something.
     *
     * @param cancel takes it back, unless it has arrived
     */
    public static void note(Runnable cancel) {
        Transit current = CURRENT.get();
        if (current != null) current.sent.add(cancel);
    }

    /** Whether nothing is on its way. */
    boolean isEmpty() {
        return sent.isEmpty();
    }

    /** Takes everything back that has not arrived. */
    public void cancel() {
        sent.forEach(Runnable::run);
        sent.clear();
    }
}
