package io.scrapingagent.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Page tokens: where the next page begins, together with what was asked for, so that nothing has to
 * be remembered and a token fits no other query. They expire only by {@link
 * Misbehaviour#expireCursor}.
 */
final class Cursors {

    /** These are {@code +/+/} in Base64, which only a client that URL-encodes gets across. */
    private static final String TRAP = "\u00fb\u00ff\u00bf";

    private Cursors() {}

    /** The token of a page of this query that begins at this position. */
    static String token(Object query, int position) {
        String text = TRAP + position + " " + Mix.of(query.toString());
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Where the page of this token begins; a first page has none.
     *
     * @throws ApiError if the token is not one of ours, or of another query
     */
    static int position(Object query, String token) throws ApiError {
        if (token == null) {
            return 0;
        }
        try {
            String text =
                    new String(Base64.getDecoder().decode(token), StandardCharsets.ISO_8859_1);
            int position = Integer.parseInt(text.substring(TRAP.length()).replaceFirst(" .*", ""));
            if (token.equals(token(query, position))) {
                return position;
            }
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            // said below, like a token of another query
        }
        throw new ApiError(400, "page_token: is not a token of this query");
    }

    static ApiError expired() {
        return new ApiError(400, "page_token: the cursor has expired, start from the beginning");
    }
}
