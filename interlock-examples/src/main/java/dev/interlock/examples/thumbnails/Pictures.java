package dev.interlock.examples.thumbnails;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures to make thumbnails of, and how one is made. Works without a display and without fonts. */
final class Pictures {
    static final int WIDTH = 1200;
    static final int HEIGHT = 900;

    /** How many pixels of a picture, in each direction, become one of its thumbnail. */
    static final int SCALE = 6;

    private Pictures() {}

    /** Draws rings and a gradient, each number its own, into a PNG file. */
    static void draw(Path file, int number) throws IOException {
        var picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) row[x] = color(x, y, number);
            picture.setRGB(0, y, WIDTH, 1, row, 0, WIDTH);
        }
        ImageIO.write(picture, "png", file.toFile());
    }

    private static int color(int x, int y, int number) {
        int dx = x - WIDTH / 2 + 10 * number;
        int dy = y - HEIGHT / 2;
        int ring = ((dx * dx + dy * dy) / (600 + 20 * number)) & 0xFF;
        return (ring << 16) | ((255 * x / WIDTH) << 8) | (255 * y / HEIGHT);
    }

    /** The thumbnail of a picture, as the bytes of a PNG file. */
    static byte[] thumbnail(Path file) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        var small =
                new BufferedImage(
                        picture.getWidth() / SCALE,
                        picture.getHeight() / SCALE,
                        BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < small.getHeight(); y++) {
            for (int x = 0; x < small.getWidth(); x++) small.setRGB(x, y, average(picture, x, y));
        }
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(small, "png", bytes);
        return bytes.toByteArray();
    }

    /** Of the pixels that become this one. */
    private static int average(BufferedImage picture, int x, int y) {
        int[] pixels =
                picture.getRGB(
                        x * SCALE, y * SCALE, SCALE, SCALE, new int[SCALE * SCALE], 0, SCALE);
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int pixel : pixels) {
            red += (pixel >> 16) & 0xFF;
            green += (pixel >> 8) & 0xFF;
            blue += pixel & 0xFF;
        }
        return ((red / pixels.length) << 16)
                | ((green / pixels.length) << 8)
                | (blue / pixels.length);
    }
}
