package io.scrapingagent.security;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds secrets in text, in every form in which they could have got there. */
final class SecretSearch {

    static final String API_KEY = "KEYTHATNOBODYSEES";
    static final String API_SECRET = "secret/that+nobody=sees";
    static final String KAFKA_PASSWORD = "pass \"word\" \\that; nobody sees";

    private final Map<String, String> secrets = new LinkedHashMap<>();

    SecretSearch() {
        secrets.put("the API key", API_KEY);
        secrets.put("the API secret", API_SECRET);
        secrets.put("the credentials in base64", base64(API_KEY + ":" + API_SECRET));
        secrets.put("the API secret in base64", base64(API_SECRET));
        secrets.put("the Kafka password", KAFKA_PASSWORD);
        // as JAAS and JSON write it, or cut at one of its special characters
        secrets.put("a part of the Kafka password", "nobody sees");
        secrets.put("an Authorization header", "Authorization: Basic");
    }

    /** Returns what was found, and in which text. */
    List<String> findings(Iterable<String> texts) {
        List<String> findings = new ArrayList<>();
        for (String text : texts) {
            secrets.forEach(
                    (name, secret) -> {
                        if (text.contains(secret)) {
                            findings.add(name + " in: " + text);
                        }
                    });
        }
        return findings;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
