package io.scrapingagent.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page's style sheet, and the hash by which a browser knows it.
 *
 * @param text the style sheet
 * @param hash as a content security policy writes it
 */
record Stylesheet(String text, String hash) {

    static Stylesheet load() {
        try (InputStream file = Stylesheet.class.getResourceAsStream("/page/status.css")) {
            byte[] bytes = file.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Stylesheet(
                    new String(bytes, StandardCharsets.UTF_8),
                    "sha256-" + Base64.getEncoder().encodeToString(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            // each Java platform has it
            throw new IllegalStateException(e);
        }
    }
}
