package io.scrapingagent.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Settings the agent cannot run with. It names all problems, and no secret. */
public final class InvalidSettingsException extends Exception {

    private final List<String> problems;

    /**
     * Creates the exception.
     *
     * @param problems a line for each setting that is wrong
     */
    public InvalidSettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Says of a file of properties that it cannot be read. What it says may be a secret. */
    public static InvalidSettingsException ofFile(Path file, Exception cause) {
        String remedy =
                cause instanceof IOException
                        ? "let the agent read it"
                        : "write each backslash twice, or \\u and four hexadecimal digits";
        return new InvalidSettingsException(
                List.of(
                        "%s cannot be read (%s): %s"
                                .formatted(file, cause.getClass().getSimpleName(), remedy)));
    }

    /** One line per problem: the variable, its value and what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
