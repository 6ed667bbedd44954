package io.scrapingagent.config;

import io.scrapingagent.config.SettingsLayer.SettingsFile;
import io.scrapingagent.config.SettingsSource.Given;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A PEM file, of which only certificates and private keys are of interest. */
final class PemFile {

    private static final Pattern CERTIFICATE = block("CERTIFICATE");
    private static final Pattern KEY = block("(?:ENCRYPTED )?PRIVATE KEY");
    private static final Pattern OLD_KEY = block("(?:RSA|EC|DSA) PRIVATE KEY");

    private final KafkaSetting setting;
    private final String text;

    private PemFile(KafkaSetting setting, String text) {
        this.setting = setting;
        this.text = text;
    }

    /** The file that a setting names. */
    static Optional<PemFile> read(KafkaSetting setting, Findings findings) {
        return SettingsFile.read(new Given(setting.label(), setting.value()), findings)
                .map(text -> new PemFile(setting, text));
    }

    /** Reports a file without any certificate. */
    boolean requireCertificate(Findings findings) {
        return require(CERTIFICATE, "a PEM file with a certificate", findings);
    }

    /** Reports a file without a key of the form that Java reads, PKCS#8. */
    boolean requireKey(Findings findings) {
        if (!KEY.matcher(text).find() && OLD_KEY.matcher(text).find()) {
            findings.problem(
                    shown()
                            + ": Java reads keys of the form PKCS#8 only, convert it with:"
                            + " openssl pkcs8 -topk8 -in old.pem -out new.pem"
                            + " (-nocrypt to leave it unencrypted)");
            return false;
        }
        return require(KEY, "a PEM file with a private key", findings);
    }

    /** All certificates, in their order. */
    String certificates() {
        return CERTIFICATE
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"));
    }

    /** The first private key. */
    String key() {
        Matcher key = KEY.matcher(text);
        return key.find() ? key.group() : "";
    }

    boolean hasEncryptedKey() {
        return key().startsWith("-----BEGIN ENCRYPTED");
    }

    /** The variable and the path, for messages. */
    String shown() {
        return setting.shown();
    }

    private boolean require(Pattern block, String allowed, Findings findings) {
        boolean found = block.matcher(text).find();
        if (!found) {
            findings.notAllowed(setting.label(), setting.value(), allowed);
        }
        return found;
    }

    private static Pattern block(String type) {
        return Pattern.compile("-----BEGIN (" + type + ")-----[^-]+-----END \\1-----");
    }
}
