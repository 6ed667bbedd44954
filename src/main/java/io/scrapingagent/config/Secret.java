package io.scrapingagent.config;

import java.util.Objects;

/** A value that must not appear in any text: only {@link #reveal()} gives it away. */
public final class Secret {

    /** What is shown in place of a secret. */
    static final String MASK = "***";

    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** The secret with this value. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself, for whoever has to send it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return MASK;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
