package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class PreloadTest {
    /* At run time a name that is no more would only make opening slower, and nobody would notice. */
    @Test
    void everyNameIsThatOfAClass() {
        assertThatCode(Preload::loadEach).doesNotThrowAnyException();
    }
}
