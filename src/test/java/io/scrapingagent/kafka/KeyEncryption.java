package io.scrapingagent.kafka;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;

/** How a private key in a PKCS#8 file is encrypted. */
public enum KeyEncryption {
    /** An old scheme that Kafka's Java client reads on every Java. */
    PBE_3DES(PKCS8Generator.PBE_SHA1_3DES),

    /** What {@code openssl} writes by default; Kafka's Java client 4.1 cannot read it. */
    PBES2_AES(PKCS8Generator.AES_256_CBC);

    private final ASN1ObjectIdentifier algorithm;

    KeyEncryption(ASN1ObjectIdentifier algorithm) {
        this.algorithm = algorithm;
    }

    OutputEncryptor encryptor(String password) {
        try {
            return new JceOpenSSLPKCS8EncryptorBuilder(algorithm)
                    .setProvider(new BouncyCastleProvider())
                    .setPassword(password.toCharArray())
                    .build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("cannot encrypt a key with " + this, e);
        }
    }
}
