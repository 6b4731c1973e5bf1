package dev.interlock;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.testers.CollectionToStringTester;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestSuite;
import org.jspecify.annotations.Nullable;

/** The queue as a collection: Guava's suites. */
@SuppressWarnings("JdkObsolete") // so are the suites
public final class SharedQueueCollectionTest extends TestCase {
    private static final Set<Method> TO_STRING =
            Set.of(CollectionToStringTester.class.getDeclaredMethods());

    private SharedQueueCollectionTest() {}

    /** The tests, found by JUnit under this name. */
    public static Test suite() {
        TestSuite all = new TestSuite("SharedQueue as a collection");
        for (int messageBytes : List.of(96, 0)) { // in slots, and in blocks
            all.addTest(
                    QueueTestSuiteBuilder.using(new Generator(messageBytes))
                            .named("messageBytes " + messageBytes)
                            .withFeatures(
                                    CollectionSize.ANY,
                                    CollectionFeature.GENERAL_PURPOSE,
                                    CollectionFeature.KNOWN_ORDER)
                            .suppressing(TO_STRING) // handles say what they refer to
                            .withTearDown(Generator::close)
                            .createTestSuite());
        }
        return all;
    }

    private static final class Generator extends TestStringQueueGenerator {
        private static @Nullable Region region;
        private final int messageBytes;

        Generator(int messageBytes) {
            this.messageBytes = messageBytes;
        }

        @Override
        protected Queue<String> create(String[] elements) {
            if (region == null) region = Region.temporary();
            SharedQueue<String> queue =
                    region.queue(QueueOptions.capacity(100).messageBytes(messageBytes));
            queue.addAll(List.of(elements));
            return queue;
        }

        static void close() {
            if (region == null) return;
            region.close();
            region = null;
        }
    }
}
