package io.scrapingagent.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.scrapingagent.command.CheckLines;
import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.kafka.Ports;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent logs in to a broker with tokens (OAUTHBEARER, KIP-768) of an endpoint of its own. */
class OAuthKafkaTest {

    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final String LOGIN = "the-client:the-secret";

    private static RsaJsonWebKey key;
    private static HttpServer issuer;
    private static EmbeddedKafka kafka;

    @AutoClose private ScrapeFixture agent;

    @BeforeAll
    static void start() throws Exception {
        key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("test");
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> answer(exchange, 200, keys()));
        issuer.createContext("/token", OAuthKafkaTest::token);
        issuer.start();
        System.setProperty(ALLOWED_URLS, url("/keys").toString());
        kafka = EmbeddedKafka.builder().oauth(url("/keys")).start();
        System.clearProperty(ALLOWED_URLS);
    }

    @AfterAll
    static void stop() {
        kafka.close();
        issuer.stop(0);
        System.clearProperty(ALLOWED_URLS);
    }

    @BeforeEach
    void prepare() {
        // the first settings with an endpoint set it for the process
        System.clearProperty(ALLOWED_URLS);
        agent =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 4, 3))
                        .at(kafka)
                        .environment("KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers())
                        .environment("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
                        .environment("KAFKA_SASL_MECHANISM", "OAUTHBEARER")
                        .environment("KAFKA_MAX_BLOCK_MS", "10000")
                        .environment(
                                "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL",
                                url("/token").toString());
    }

    @Test
    void logsInWithSettingsOfTheirOwn() throws Exception {
        login("the-secret");

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    @Test
    void logsInWithCredentialsInTheJaasText() throws Exception {
        agent.environment(
                        "KAFKA_SASL_LOGIN_CALLBACK_HANDLER_CLASS",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler")
                .environment(
                        "KAFKA_SASL_JAAS_CONFIG",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
                                + " required clientId=\"the-client\" clientSecret=\"the-secret\";");

        agent.scrapeAll();
        agent.assertPublished("lkc-aaa 0");
    }

    @Test
    void checkSaysThatTheTokenEndpointIsAway() throws Exception {
        login("the-secret")
                .environment(
                        "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL",
                        "http://localhost:" + Ports.free() + "/token");
        assertThat(CheckLines.of(agent))
                .anyMatch(
                        line ->
                                line.startsWith("✗ Kafka login: ")
                                        && line.endsWith(
                                                " → check KAFKA_SASL_OAUTHBEARER_…, and that the token"
                                                        + " endpoint can be reached from here"))
                .noneMatch(line -> line.contains(" at org."));
    }

    @Test
    void saysThatTheSecretIsWrongWithoutTheSecret() throws Exception {
        login("wrong-one").environment("KAFKA_SASL_LOGIN_RETRY_BACKOFF_MAX_MS", "100");

        assertThat(agent.scrapeFailing())
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .contains("401", "invalid_client")
                                        .doesNotContain("wrong-one"));
    }

    private ScrapeFixture login(String secret) {
        String credentials = "KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_";
        return agent.environment(credentials + "ID", "the-client")
                .environment(credentials + "SECRET", secret);
    }

    private static URI url(String path) {
        return URI.create("http://localhost:" + issuer.getAddress().getPort() + path);
    }

    private static String keys() {
        return new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** The client credentials grant of RFC 6749, section 4.4. */
    private static void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(LOGIN.getBytes(StandardCharsets.UTF_8));
        if (!basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !form.contains("grant_type=client_credentials")) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        try {
            answer(
                    exchange,
                    200,
                    "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":600}"
                            .formatted(signedToken()));
        } catch (JoseException e) {
            answer(exchange, 500, "{}");
        }
    }

    private static String signedToken() throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setSubject("the-client");
        claims.setAudience("kafka");
        claims.setStringClaim("scope", "kafka");
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(10);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        return signature.getCompactSerialization();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
