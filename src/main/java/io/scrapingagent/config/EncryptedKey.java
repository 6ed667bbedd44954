package io.scrapingagent.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Decrypts a private key. Kafka's own PEM reader fails on JDK 17 with "PBES2 SecretKeyFactory not
 * available" for the encryption that OpenSSL uses unless told otherwise.
 */
final class EncryptedKey {

    private EncryptedKey() {}

    /** The key as unencrypted PKCS#8 in PEM; nothing if password or key are no good. */
    static Optional<String> decrypted(String pem, String password) {
        String base64 = pem.replaceAll("-----[^-]+-----", "");
        try {
            EncryptedPrivateKeyInfo encrypted =
                    new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(base64));
            AlgorithmParameters parameters = encrypted.getAlgParameters();
            // of PBES2 only the parameters know which algorithm it is
            String algorithm =
                    encrypted.getAlgName().startsWith("PBEWith")
                            ? encrypted.getAlgName()
                            : String.valueOf(parameters);
            SecretKey passwordKey =
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.toCharArray()));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, passwordKey, parameters);
            return Optional.of(pem(encrypted.getKeySpec(cipher).getEncoded()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String pem(byte[] key) {
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, newline).encodeToString(key)
                + "\n-----END PRIVATE KEY-----";
    }
}
