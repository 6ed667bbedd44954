package io.scrapingagent.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A file that a variable names. Its content may be secret, so no message shows any of it. */
final class SettingsFile {

    private SettingsFile() {}

    /** The UTF-8 text of the file without one trailing newline, which editors add. */
    static Optional<String> read(Given path, Findings findings) {
        String text;
        try {
            text = Files.readString(Path.of(path.value()), StandardCharsets.UTF_8);
        } catch (NoSuchFileException | InvalidPathException e) {
            return unusable(path, "there is no such file", findings);
        } catch (CharacterCodingException e) {
            return unusable(path, "the file is not UTF-8 text", findings);
        } catch (IOException e) {
            return unusable(path, "the file cannot be read", findings);
        }
        String content = text.replaceFirst("\\r?\\n\\z", "");
        if (content.isBlank()) {
            return unusable(path, "the file is empty", findings);
        }
        return Optional.of(content);
    }

    private static Optional<String> unusable(Given path, String reason, Findings findings) {
        findings.problem(path.label() + "=" + path.value() + ": " + reason);
        return Optional.empty();
    }
}
