package io.scrapingagent.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Page tokens: where the next page begins, signed together with the query, so that nothing has to
 * be remembered and a token fits no other query. They expire only by {@link
 * Misbehaviour#expireCursor}.
 */
final class Cursors {

    /** These bytes are {@code +/+/} in Base64, which only a client that URL-encodes gets across. */
    private static final byte[] TRAP = {(byte) 0xFB, (byte) 0xFF, (byte) 0xBF};

    private static final int SIGNATURE_BYTES = 8;
    private static final int TOKEN_BYTES = TRAP.length + Integer.BYTES + SIGNATURE_BYTES;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key = new SecretKeySpec(secret(), ALGORITHM);

    String token(Query query, int position) {
        byte[] token =
                ByteBuffer.allocate(TOKEN_BYTES)
                        .put(TRAP)
                        .putInt(position)
                        .put(signature(query, position))
                        .array();
        return Base64.getEncoder().encodeToString(token);
    }

    /**
     * Where the page of this token begins.
     *
     * @throws ApiError if the token is not one of ours, or of another query
     */
    int position(Query query, String token) throws ApiError {
        ByteBuffer bytes = ByteBuffer.wrap(decoded(token));
        if (bytes.remaining() != TOKEN_BYTES) {
            throw invalid();
        }
        int position = bytes.getInt(TRAP.length);
        byte[] signature = new byte[SIGNATURE_BYTES];
        bytes.get(TOKEN_BYTES - SIGNATURE_BYTES, signature);
        if (!MessageDigest.isEqual(signature, signature(query, position))) {
            throw invalid();
        }
        return position;
    }

    static ApiError expired() {
        return new ApiError(400, "page_token: the cursor has expired, start from the beginning");
    }

    private static ApiError invalid() {
        return new ApiError(400, "page_token: is not a token of this query");
    }

    private static byte[] decoded(String token) throws ApiError {
        try {
            return Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static byte[] secret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    private byte[] signature(Query query, int position) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] whole = mac.doFinal((position + " " + query).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
