package io.scrapingagent.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Page tokens: where the next page begins and when the token was made, signed together with the
 * query, so that nothing has to be remembered and a token fits no other query.
 */
final class Cursors {

    /** These bytes are {@code +/+/} in Base64, which only a client that URL-encodes gets across. */
    private static final byte[] TRAP = {(byte) 0xFB, (byte) 0xFF, (byte) 0xBF};

    private static final int SIGNATURE_BYTES = 8;
    private static final int TOKEN_BYTES =
            TRAP.length + Integer.BYTES + Long.BYTES + SIGNATURE_BYTES;
    private static final String ALGORITHM = "HmacSHA256";

    private final Clock clock;
    private final Duration lifetime;
    private final SecretKeySpec key;

    Cursors(Clock clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    String token(Query query, int position) {
        long issued = clock.millis();
        byte[] token =
                ByteBuffer.allocate(TOKEN_BYTES)
                        .put(TRAP)
                        .putInt(position)
                        .putLong(issued)
                        .put(signature(query, position, issued))
                        .array();
        return Base64.getEncoder().encodeToString(token);
    }

    /**
     * Where the page of this token begins.
     *
     * @throws ApiError if the token is not one of ours, of another query, or expired
     */
    int position(Query query, String token) throws ApiError {
        ByteBuffer bytes = ByteBuffer.wrap(decoded(token));
        if (bytes.remaining() != TOKEN_BYTES) {
            throw invalid();
        }
        bytes.position(TRAP.length);
        int position = bytes.getInt();
        long issued = bytes.getLong();
        byte[] signature = new byte[SIGNATURE_BYTES];
        bytes.get(signature);
        if (!MessageDigest.isEqual(signature, signature(query, position, issued))) {
            throw invalid();
        }
        if (!clock.instant().isBefore(Instant.ofEpochMilli(issued).plus(lifetime))) {
            throw expired();
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

    private byte[] signature(Query query, int position, long issued) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            String signed = position + " " + issued + " " + query;
            byte[] whole = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
