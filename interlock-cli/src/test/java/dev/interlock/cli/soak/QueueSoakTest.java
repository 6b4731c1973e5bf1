package dev.interlock.cli.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Lease;
import dev.interlock.Region;
import dev.interlock.RegionOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short soak, and books in which something is wrong. */
class QueueSoakTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aShortSoak_kills_andItsBooksBalance(boolean dropping) throws Exception {
        var text = new ByteArrayOutputStream();
        var plan = new QueueSoak.Plan(7, Duration.ofMinutes(2), 4, 1, 2, 100, dropping);

        boolean balances = QueueSoak.run(plan, new PrintStream(text, true, UTF_8));

        assertThat(balances).as(text.toString(UTF_8)).isTrue();
        assertThat(text.toString(UTF_8)).contains("seed 7", " 4: ", "The books balance.");
    }

    private interface Trouble {
        void make(Books books) throws Exception;
    }

    /* A producer has put ten messages, something happens to them, and what is there then is taken. */
    private static Audit audit(boolean dropping, Trouble trouble) throws Exception {
        try (Region region = Region.temporary(RegionOptions.defaults().maxBytes(64 << 20))) {
            Books books = Books.in(region, 1, 1, dropping);
            Audit audit = new Audit(books, dropping);
            for (int n = 1; n <= 10; n++) books.queue().put(Books.message(0, n));
            books.begun().set(0, 10);
            books.acknowledged().set(0, 10);
            trouble.make(books);
            books.queue().close();
            Workers.consume(books, 1);
            audit.ended(0, false);
            audit.settleAll();
            assertThat(audit.messages()).isEqualTo(10);
            boolean balances = audit.balances();
            assertThat(balances).as(audit.report()).isEqualTo(trouble == NONE);
            return audit;
        }
    }

    private static final Trouble NONE = books -> {};

    @Test
    void soundBooks_balance() throws Exception {
        assertThat(audit(false, NONE).lost()).isZero();
    }

    @Test
    void aLostMessage_isFound() throws Exception {
        assertThat(audit(false, books -> books.queue().take()).lost()).isEqualTo(1);
        assertThat(audit(true, books -> books.queue().take()).lost()).isEqualTo(1);
    }

    @Test
    void aMessageTakenTwice_isFound() throws Exception {
        Trouble twice = books -> books.record(Books.message(0, 3));
        assertThat(audit(false, twice).lost()).isZero();
        assertThat(audit(true, twice).mostTwice()).isZero();
    }

    @Test
    void aTornMessage_isFound() throws Exception {
        assertThat(
                        audit(
                                        false,
                                        books -> {
                                            byte[] torn = Books.message(0, 4);
                                            torn[15]++;
                                            books.record(torn);
                                        })
                                .lost())
                .isZero();
    }

    @Test
    void messagesOutOfOrder_areFound() throws Exception {
        audit(
                false,
                books -> {
                    byte[] first = books.queue().take();
                    books.queue().put(first);
                });
    }

    /** Begun, and perhaps in: nobody knows, as its producer died. */
    @Test
    void aMessageInDoubt_isNotCalledLost() throws Exception {
        try (Region region = Region.temporary(RegionOptions.defaults().maxBytes(64 << 20))) {
            Books books = Books.in(region, 1, 1, false);
            Audit audit = new Audit(books, false);
            books.begun().set(0, 1);
            audit.ended(0, true);
            audit.settleAll();
            assertThat(audit.balances()).isTrue();
            assertThat(audit.report()).contains("0 arrived, 1 did not");
            try (Lease<byte[]> none = books.queue().pollLease(Duration.ZERO)) {
                assertThat(none).isNull();
            }
        }
    }
}
