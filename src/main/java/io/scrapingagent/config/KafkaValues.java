package io.scrapingagent.config;

import io.netty.handler.ssl.CipherSuiteConverter;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.utils.Utils;

/** Turns values as kafka-python takes them into values as the Java producer takes them. */
final class KafkaValues {

    private static final Set<String> CIPHERS = supportedCiphers();

    private static final String HOSTNAME_CHECK = "ssl.endpoint.identification.algorithm";

    private final Findings findings;

    KafkaValues(Findings findings) {
        this.findings = findings;
    }

    /** The setting in Java's terms where it has some; nothing if it sets nothing. */
    Optional<KafkaSetting> translated(KafkaSetting setting) {
        if (!KafkaNames.isSecret(setting.name()) && setting.value().equals("None")) {
            return setting.name().equals("compression.type")
                    ? Optional.of(setting.as(setting.name(), "none"))
                    : Optional.empty();
        }
        if (setting.value().isBlank() && !setting.name().equals(HOSTNAME_CHECK)) {
            return Optional.empty();
        }
        String value = setting.value();
        return switch (setting.name()) {
            case "bootstrap.servers" -> bootstrapServers(setting);
            case "acks", "compression.type" ->
                    Optional.of(setting.as(setting.name(), value.toLowerCase(Locale.ROOT)));
            case "security.protocol", "sasl.mechanism" ->
                    Optional.of(setting.as(setting.name(), value.toUpperCase(Locale.ROOT)));
            case KafkaNames.SSL_CHECK_HOSTNAME -> checkHostname(setting);
            case KafkaNames.SSL_CIPHERS -> ciphers(setting);
            default ->
                    Optional.of(
                            ProducerSetting.isWholeNumber(setting.name())
                                    ? setting.as(setting.name(), wholeNumber(value))
                                    : setting);
        };
    }

    private Optional<KafkaSetting> bootstrapServers(KafkaSetting setting) {
        List<String> servers = new ArrayList<>();
        String list = KafkaSettingsReader.listText(setting.value()).orElse(setting.value());
        for (String item : list.split(",")) {
            String server = item.strip();
            if (server.isEmpty()) {
                continue;
            }
            // kafka-python needs no port
            String address = Utils.getPort(server) == null ? server + ":9092" : server;
            if (Utils.getHost(address) == null || address.matches(".*[\\s@/].*")) {
                findings.notAllowed(
                        setting.label(),
                        setting.value().contains("@") ? Secret.MASK : setting.value(),
                        "a list of host:port");
                return Optional.of(setting.as(setting.name(), ""));
            }
            servers.add(address);
        }
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(setting.as(setting.name(), String.join(",", servers)));
    }

    private Optional<KafkaSetting> checkHostname(KafkaSetting setting) {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(setting.as(HOSTNAME_CHECK, "https"));
            case "false", "0" -> Optional.of(setting.as(HOSTNAME_CHECK, ""));
            default -> {
                findings.notAllowed(setting.label(), setting.value(), "true or false");
                yield Optional.empty();
            }
        };
    }

    private static Set<String> supportedCiphers() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** OpenSSL's names, or Java's own. */
    private Optional<KafkaSetting> ciphers(KafkaSetting setting) {
        Set<String> suites = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String item : setting.value().strip().split("[:,\\s]+")) {
            String java = CIPHERS.contains(item) ? item : CipherSuiteConverter.toJava(item, "TLS");
            if (java != null && CIPHERS.contains(java)) {
                suites.add(java);
            } else {
                unknown.add(item);
            }
        }
        if (!unknown.isEmpty()) {
            findings.warning(
                    setting.label()
                            + ": ignored because Java has no cipher suite of that name: "
                            + String.join(", ", unknown)
                            + (suites.isEmpty() ? "; Java's own suites are used" : ""));
        }
        return suites.isEmpty()
                ? Optional.empty()
                : Optional.of(setting.as("ssl.cipher.suites", String.join(",", suites)));
    }

    /** Python's whole floats and infinity, which stand for numbers that Java wants whole. */
    private static String wholeNumber(String value) {
        return value.matches("(?i)\\+?inf(inity)?")
                ? String.valueOf(Integer.MAX_VALUE)
                : value.replaceFirst("\\.0+$", "");
    }
}
