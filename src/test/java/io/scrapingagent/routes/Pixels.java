package io.scrapingagent.routes;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** The colours of a picture, as 0xRRGGBB. */
record Pixels(BufferedImage picture) {

    static Pixels of(Path file) throws IOException {
        return new Pixels(ImageIO.read(file.toFile()));
    }

    /** Returns how much of the picture has a colour, from 0 to 1. */
    double share(int colour) {
        int[] pixels =
                picture.getRGB(
                        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return IntStream.of(pixels).filter(it -> (it & 0xffffff) == colour).count()
                / (double) pixels.length;
    }

    /** Returns the columns that have a colour somewhere. */
    IntStream columns(int colour) {
        return IntStream.range(0, picture.getWidth())
                .filter(
                        x ->
                                IntStream.range(0, picture.getHeight())
                                        .anyMatch(
                                                y -> (picture.getRGB(x, y) & 0xffffff) == colour));
    }
}
