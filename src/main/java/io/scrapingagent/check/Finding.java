package io.scrapingagent.check;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.scrapingagent.scrape.FailureReason;

/**
 * The answer to one question.
 *
 * @param mark what it comes to
 * @param question what was asked, in a few words
 * @param answer what was found, or why it could not be asked
 * @param remedy what to do about it, or null where there is nothing to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(Mark mark, String question, String answer, String remedy) {

    /** What an answer comes to. */
    public enum Mark {
        /** It will work. */
        @JsonProperty("ok")
        OK("✓"),
        /** It will work, but somebody should look at it. */
        @JsonProperty("warning")
        WARNING("!"),
        /** It will not work. */
        @JsonProperty("failed")
        FAILED("✗"),
        /** It is not known, mostly because an earlier answer failed. */
        @JsonProperty("not asked")
        NOT_ASKED("–");

        private final String symbol;

        Mark(String symbol) {
            this.symbol = symbol;
        }
    }

    static Finding ok(String question, String answer) {
        return new Finding(Mark.OK, question, answer, null);
    }

    static Finding warning(String question, String answer, String remedy) {
        return new Finding(Mark.WARNING, question, answer, remedy);
    }

    static Finding failed(String question, String answer, String remedy) {
        return new Finding(Mark.FAILED, question, answer, remedy);
    }

    static Finding failed(String question, FailureReason reason) {
        return failed(question, reason.what(), reason.remedy());
    }

    static Finding notAsked(String question, String reason) {
        return new Finding(Mark.NOT_ASKED, question, reason, null);
    }

    /** Says that no more is asked of a side, which failed before. */
    static Finding allElseNotAsked(String side, String reason) {
        return notAsked(side + ", all else", reason);
    }

    /** Tells whether nothing speaks against a start. */
    @JsonIgnore
    public boolean isGood() {
        return mark == Mark.OK || mark == Mark.WARNING;
    }

    /** Returns the finding as one line: mark, question, answer and, after an arrow, the remedy. */
    public String toLine() {
        return mark.symbol + " " + withoutMark();
    }

    /** Returns the finding as a line of a log, whose level is its mark. */
    public String withoutMark() {
        String line = question + ": " + answer;
        // an answer may have been written by somebody else
        return (remedy == null ? line : line + " → " + remedy).replaceAll("\\p{Cntrl}+", " ");
    }
}
