package dev.interlock.internal.process;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/*
 * The class of a lambda is made for one place of the program, which says what method it runs. What else two lambdas of one class could
 * differ in is what they captured. So those that captured nothing are all written the same; to find out how takes twenty
 * microseconds, since the lambda is asked by way of Java serialization, and the method by reflection.
 *
 * A class that somebody wrote may answer something else each time. It is not hidden, or, if somebody hid it, not synthetic.
 *
 * A map with weak keys, as a ClassValue costs a fresh JVM half a millisecond.
 */
/** How lambdas and method references that capture nothing are written, by their classes. */
final class KnownLambdas {
    private static final Map<Class<?>, KnownLambda> BY_CLASS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private KnownLambdas() {}

    /**
     * Writes a lambda as one of its class was written before; false if none was.
     *
     * @param arguments how many it is called with
     */
    static boolean write(DataOutputStream out, Object callee, int arguments) throws IOException {
        KnownLambda known = BY_CLASS.get(callee.getClass());
        if (known == null || known.arguments != arguments) return false;
        RecentClasses.add(known.type);
        out.write(known.bytes);
        return true;
    }

    /** Whether others of its class are written as this one is. */
    static boolean isLikeOthers(Object callee, SerializedLambda lambda) {
        Class<?> type = callee.getClass();
        return lambda.getCapturedArgCount() == 0 && type.isHidden() && type.isSynthetic();
    }

    /**
     * Remembers how one is written that is like others.
     *
     * @param type the class of its method
     */
    static void add(Object callee, int arguments, String type, byte[] bytes) {
        BY_CLASS.put(callee.getClass(), new KnownLambda(arguments, type, bytes));
    }

    private static final class KnownLambda {
        final int arguments;
        final String type;
        final byte[] bytes;

        KnownLambda(int arguments, String type, byte[] bytes) {
            this.arguments = arguments;
            this.type = type;
            this.bytes = bytes;
        }
    }
}
