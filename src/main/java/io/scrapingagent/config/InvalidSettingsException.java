package io.scrapingagent.config;

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

    /** Returns one line per problem: the variable, its value and what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
