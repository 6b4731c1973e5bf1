package dev.interlock.internal.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 *   NEUTRAL    the JVM takes the same cache with them or without
 *   UNFIT      the JVM takes no cache, or another class path: agents, debuggers, class-data archives, and whatever we do not know
 *   KEYED      the rest: a JVM takes only a cache made with the same ones, so each set of them has a cache of its own
 *
 * A flag that is wrongly taken for keyed costs one training run, whose probe fails. One wrongly taken for neutral costs every start some
 * 60 ms, since a JVM that rejects a cache does without its own archive, too. So what is not known to be neutral is keyed or unfit.
 */
/** Which options of a child decide about the AOT cache that it can use. */
final class CacheFlags {
    private static final Pattern NEUTRAL =
            Pattern.compile(
                    "-D.*|-[ed]s?a.*|-(en|dis)able(system)?assertions.*|-Xm[ns].*|-Xss.*|-Xlog.*|-verbose.*|-Xmx.*"
                            + "|-XX:[+-]Use(Serial|G1|Parallel)GC"
                            + "|-XX:[+-]?(UsePerfData|TieredCompilation|TieredStopAtLevel|CICompilerCount|ActiveProcessorCount"
                            + "|ReservedCodeCacheSize|MaxMetaspaceSize|MaxDirectMemorySize|ExitOnOutOfMemoryError|CrashOnOutOfMemoryError"
                            + "|HeapDump\\w+|OnOutOfMemoryError|OnError|ErrorFile|CreateCoredumpOnCrash|StartFlightRecording"
                            + "|FlightRecorder\\w*|ParallelGCThreads|ConcGCThreads|MaxGCPauseMillis|ThreadStackSize)(=.*)?");

    private static final Pattern UNFIT =
            Pattern.compile(
                    "-Djava\\.system\\.class\\.loader=.*|-Djava\\.class\\.path=.*|-XX:.*(AOT|Archive|Shared|CDS|JVMCI|Flags=|VMOptions).*");

    private static final Pattern KEYED =
            Pattern.compile(
                    "--add-(exports|modules|opens|reads)=.*|--enable-native-access=.*|--enable-preview|--finalization=.*"
                            + "|--illegal-.*|--enable-final-field-mutation=.*|--sun-misc-unsafe-memory-access=.*|-X(int|comp|mixed)|-XX:.*");

    /** From here on a heap's references no longer fit in 32 bits, and a cache made with the other kind is rejected. */
    private static final long LARGE_HEAP_BYTES = 30L << 30;

    private static final String SMALL_HEAP = "-Xmx4g"; // stands for all of them

    private CacheFlags() {}

    /** Those that matter, each once; null if a JVM with these options shall have no cache. */
    static @Nullable List<String> of(List<String> options, long defaultHeapBytes) {
        List<String> flags = new ArrayList<>();
        String heap = null;
        for (String option : options) {
            if (option.startsWith("-Xmx")) heap = option;
            if (UNFIT.matcher(option).matches()) return null;
            if (NEUTRAL.matcher(option).matches() || flags.contains(option)) continue;
            if (!KEYED.matcher(option).matches()) return null;
            flags.add(option);
        }
        if (heap != null) addHeap(flags, heap, defaultHeapBytes);
        return flags;
    }

    private static void addHeap(List<String> flags, String heap, long defaultHeapBytes) {
        boolean isLarge = bytes(heap.substring("-Xmx".length())) >= LARGE_HEAP_BYTES;
        boolean isLargeByDefault = defaultHeapBytes >= LARGE_HEAP_BYTES;
        if (isLarge) flags.add(heap);
        else if (isLargeByDefault) flags.add(SMALL_HEAP);
    }

    /* As in 512m. What cannot be read counts as large, and so is keyed. */
    private static long bytes(String size) {
        try {
            int last = size.length() - 1;
            int shift = "kmgt".indexOf(Character.toLowerCase(size.charAt(last)));
            if (shift < 0) return Long.parseLong(size);
            return Long.parseLong(size.substring(0, last)) << (10 * (shift + 1));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return Long.MAX_VALUE;
        }
    }
}
