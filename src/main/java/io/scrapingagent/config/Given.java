package io.scrapingagent.config;

/**
 * The value somebody gave to a variable.
 *
 * @param label the variable to name in messages
 * @param value the value, never empty
 */
record Given(String label, String value) {

    @Override
    public String toString() {
        return label;
    }
}
