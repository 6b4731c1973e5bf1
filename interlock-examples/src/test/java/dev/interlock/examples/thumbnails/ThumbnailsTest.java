package dev.interlock.examples.thumbnails;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThumbnailsTest {
    @Test
    void aPool_makesWhatOneThreadMakes_andTheFolderIsRemoved() throws Exception {
        Path folder;
        try (var pictures = Thumbnails.draw(3, 2)) {
            folder = pictures.folder();
            assertThat(folder).isDirectory();

            List<byte[]> together = pictures.withPool();

            assertThat(together).containsExactlyElementsOf(pictures.inThisThread());
            var first = ImageIO.read(new ByteArrayInputStream(together.getFirst()));
            assertThat(first.getWidth()).isEqualTo(Pictures.WIDTH / Pictures.SCALE);
            assertThat(together.get(1)).isNotEqualTo(together.getFirst());
        }
        assertThat(folder).doesNotExist();
    }
}
