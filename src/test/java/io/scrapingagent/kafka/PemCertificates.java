package io.scrapingagent.kafka;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * PEM files for TLS between a client and a broker on this machine, made anew in a directory.
 *
 * @param caFile the certificate authority that both sides trust
 * @param serverCertificate the server's certificate, for {@code localhost}, {@code 127.0.0.1} and
 *     {@code metrics.example}
 * @param serverKey the broker's private key, PKCS#8, not encrypted
 * @param clientCertificate a client's certificate
 * @param clientKey the client's private key, PKCS#8, encrypted if there is a password
 * @param untrustedCaFile a certificate authority that signed neither certificate
 */
public record PemCertificates(
        Path caFile,
        Path serverCertificate,
        Path serverKey,
        Path clientCertificate,
        Path clientKey,
        Path untrustedCaFile) {

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final Duration VALIDITY = Duration.ofDays(2);

    /** Makes certificates with a client key that is not encrypted. */
    public static PemCertificates generate(Path directory) {
        return generate(directory, null);
    }

    /**
     * Makes certificates with a client key that is encrypted with the password as {@code openssl}
     * does it by default; null for none.
     */
    public static PemCertificates generate(Path directory, String clientKeyPassword) {
        try {
            Files.createDirectories(directory);
            Authority authority = Authority.create("Test CA");
            KeyPair server = keyPair();
            KeyPair client = keyPair();
            return new PemCertificates(
                    write(directory.resolve("ca.pem"), pem(authority.certificate())),
                    write(
                            directory.resolve("server.pem"),
                            pem(authority.issue("localhost", server.getPublic()))),
                    write(directory.resolve("server.key"), pem(server, null)),
                    write(
                            directory.resolve("client.pem"),
                            pem(authority.issue("agent", client.getPublic()))),
                    write(directory.resolve("client.key"), pem(client, clientKeyPassword)),
                    write(
                            directory.resolve("untrusted-ca.pem"),
                            pem(Authority.create("Another CA").certificate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make certificates in " + directory, e);
        }
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static PemObjectGenerator pem(X509Certificate certificate) throws IOException {
        return new JcaMiscPEMGenerator(certificate);
    }

    /** The private key as PKCS#8; without a password as it is. */
    private static PemObjectGenerator pem(KeyPair keys, String password)
            throws IOException, OperatorCreationException {
        OutputEncryptor encryptor =
                password == null
                        ? null
                        : new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(password.toCharArray())
                                .build();
        return new JcaPKCS8Generator(keys.getPrivate(), encryptor);
    }

    private static Path write(Path file, PemObjectGenerator content) throws IOException {
        try (PemWriter writer = new PemWriter(Files.newBufferedWriter(file))) {
            writer.writeObject(content);
        }
        return file;
    }

    /** A certificate authority: signs certificates for others with its own key. */
    private record Authority(X500Name name, KeyPair keys, X509Certificate certificate) {

        static Authority create(String commonName)
                throws IOException, GeneralSecurityException, OperatorCreationException {
            X500Name name = new X500Name("CN=" + commonName);
            KeyPair keys = keyPair();
            X509v3CertificateBuilder builder = builder(name, name, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            return new Authority(name, keys, sign(builder, keys));
        }

        X509Certificate issue(String commonName, PublicKey key)
                throws IOException, GeneralSecurityException, OperatorCreationException {
            X509v3CertificateBuilder builder = builder(name, new X500Name("CN=" + commonName), key);
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            new GeneralName[] {
                                new GeneralName(GeneralName.dNSName, "localhost"),
                                new GeneralName(GeneralName.dNSName, "metrics.example"),
                                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                            }));
            return sign(builder, keys);
        }

        private static X509v3CertificateBuilder builder(
                X500Name issuer, X500Name subject, PublicKey key) {
            Instant now = Instant.now();
            return new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(64, ThreadLocalRandom.current()).setBit(0),
                    Date.from(now.minus(VALIDITY)),
                    Date.from(now.plus(VALIDITY)),
                    subject,
                    key);
        }

        private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
                throws GeneralSecurityException, OperatorCreationException {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder(SIGNATURE)
                                            .build(signer.getPrivate())));
        }
    }
}
