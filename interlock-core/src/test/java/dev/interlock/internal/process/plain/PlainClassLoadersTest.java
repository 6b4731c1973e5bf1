package dev.interlock.internal.process.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.process.plain.Samples.Trade;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Classes of one name from several class loaders, and classes that go. */
@Timeout(120)
class PlainClassLoadersTest {
    /** Defines one class itself that others have, too. */
    private static final class Own extends ClassLoader {
        private static final String NAME = Trade.class.getName();

        Own() {
            super(PlainClassLoadersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(NAME)) return super.loadClass(name, resolve);
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define() : loaded;
        }

        private Class<?> define() throws ClassNotFoundException {
            String file = NAME.replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(getParent().getResourceAsStream(file))) {
                byte[] bytes = in.readAllBytes();
                return defineClass(NAME, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(NAME, e);
            }
        }

        Object trade() throws Exception {
            var constructor =
                    loadClass(NAME)
                            .getDeclaredConstructor(
                                    long.class, String.class, double.class, int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(1, "X", 2, 3);
        }
    }

    @Test
    void classesOfOneName_areThoseOfTheLoader() throws Exception {
        Own loader = new Own();
        Object other = loader.trade();
        Trade trade = new Trade(1, "X", 2, 3);
        byte[] bytes = PlainObjectsTest.known(trade);
        assertThat(PlainObjects.toBytes(bytes[0], other)).isEqualTo(bytes);

        assertThat(PlainObjects.fromBytes(bytes, 1, loader, null)).isNull(); // not known yet
        PlainObjects.remember(bytes, 1, loader, other);

        assertThat(PlainObjects.fromBytes(bytes, 1, loader, null)).isEqualTo(other);
        assertThat(PlainObjectsTest.read(bytes)).isEqualTo(trade);
    }

    @Test
    void classesThatNobodyUses_areUnloaded() throws Exception {
        WeakReference<ClassLoader> loader = used();
        while (loader.get() != null) {
            System.gc();
            Thread.sleep(20);
        }
    }

    private static WeakReference<ClassLoader> used() throws Exception {
        Own loader = new Own();
        Object trade = loader.trade();
        byte[] bytes = Objects.requireNonNull(PlainObjects.toBytes((byte) 0, trade));
        PlainObjects.remember(bytes, 1, loader, trade);
        Object read = Objects.requireNonNull(PlainObjects.fromBytes(bytes, 1, loader, null));
        boolean isOfLoader =
                read.getClass() == trade.getClass(); // equals of a record would keep it
        assertThat(isOfLoader).isTrue();
        return new WeakReference<>(loader);
    }
}
