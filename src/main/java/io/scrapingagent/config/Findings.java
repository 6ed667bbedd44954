package io.scrapingagent.config;

import java.util.ArrayList;
import java.util.List;

/** What was found wrong or doubtful so far, so that all of it can be reported at once. */
final class Findings {

    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void problem(String line) {
        problems.add(line);
    }

    /** Reports a value that is not allowed. */
    void notAllowed(String label, String value, String allowed) {
        problem(label + "=" + printable(value) + ": allowed is " + allowed);
    }

    /** Warns of quotes that an env file for Docker or a Secret keeps as a part of the value. */
    void warnIfQuoted(String label, String value) {
        if (value.matches("(?s)\".*\"|'.*'") && value.length() > 1) {
            warning(
                    label
                            + ": the quotes around the value are taken for a part of it; remove them"
                            + " unless they are");
        }
    }

    /** Warns of white space in a secret, which somebody may have pasted along with it. */
    void warnOfWhiteSpace(String label, String secret) {
        if (secret.matches("(?s).*\\s.*")) {
            warning(label + ": there is white space in it; remove it unless it belongs there");
        }
    }

    void warning(String line) {
        warnings.add(line);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** A finding is one line, whatever the value holds. */
    private static String printable(String value) {
        return value.replaceAll("\\p{Cntrl}", "?");
    }
}
