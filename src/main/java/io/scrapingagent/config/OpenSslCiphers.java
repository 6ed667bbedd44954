package io.scrapingagent.config;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * A cipher list as OpenSSL takes it, in Java's names.
 *
 * @param suites the cipher suites, in the order given
 * @param unknown the items that name no cipher suite of this JVM
 */
record OpenSslCiphers(List<String> suites, List<String> unknown) {

    /** Reads items separated by colons, commas or spaces; Java's own names are understood too. */
    static OpenSslCiphers parse(String list) {
        Map<String, String> javaNames = javaNames();
        List<String> suites = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String item : list.strip().split("[:,\\s]+")) {
            String suite = javaNames.get(item);
            if (suite == null) {
                unknown.add(item);
            } else if (!suites.contains(suite)) {
                suites.add(suite);
            }
        }
        return new OpenSslCiphers(List.copyOf(suites), List.copyOf(unknown));
    }

    private static Map<String, String> javaNames() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String suite : supportedSuites()) {
            names.put(suite, suite);
            names.put(openSslName(suite), suite);
        }
        return names;
    }

    /** TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 is ECDHE-RSA-AES128-GCM-SHA256 in OpenSSL. */
    private static String openSslName(String suite) {
        return suite.replaceFirst("^TLS_RSA_WITH_", "")
                .replaceFirst("^TLS_(.+)_WITH_", "$1-")
                .replace("_CBC", "")
                .replaceFirst("CHACHA20_POLY1305_SHA256$", "CHACHA20-POLY1305")
                .replaceFirst("AES_(\\d+)", "AES$1")
                .replace('_', '-');
    }

    private static String[] supportedSuites() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }
}
