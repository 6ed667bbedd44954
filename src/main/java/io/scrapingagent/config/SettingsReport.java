package io.scrapingagent.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The problems and warnings of the settings so far. A problem forbids to run; all of them are told
 * at once.
 */
final class SettingsReport {

    /** What is shown in place of a secret. */
    static final String MASK = "***";

    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void problem(String line) {
        problems.add(line);
    }

    /** Reports a value that is none of what is allowed. */
    void notAllowed(String label, String value, String allowed) {
        wrong(label, value, "allowed is " + allowed);
    }

    /** Reports a wrong value, on one line whatever it holds. */
    void wrong(String label, String value, String reason) {
        problem(label + "=" + shown(value) + ": " + reason);
    }

    /** Returns a value as a line may show it. */
    static String shown(String value) {
        // whoever writes user:password@host, https://host?token=…, JSON or the text of a PEM file
        // may have put a secret there
        boolean mayHoldSecret = value.matches("(?s).*(@|://.*[?#]|-----BEGIN|\\{|\\v).*");
        return mayHoldSecret ? MASK : value.replaceAll("\\p{Cntrl}", "?");
    }

    /** Warns of quotes that an env file for Docker or a Secret keeps as a part of the value. */
    void warnIfQuoted(String label, String value) {
        if (value.matches("(?s)\".*\"|'.*'")) {
            warning(
                    label
                            + ": the quotes count as part of the value; remove them unless they"
                            + " belong to it");
        }
    }

    /** Warns of white space in a secret, which somebody may have pasted along with it. */
    void warnOfWhiteSpace(String label, String secret) {
        if (secret.matches("(?s).*\\s.*")) {
            warning(label + ": there is white space in it; remove it unless it belongs there");
        }
    }

    void warnOfMisspelling(String label, String meant) {
        warning("%s: ignored, did you mean %s?".formatted(label, meant));
    }

    void warning(String line) {
        warnings.add(line);
    }

    List<String> problems() {
        return problems;
    }

    List<String> warnings() {
        return warnings;
    }
}
