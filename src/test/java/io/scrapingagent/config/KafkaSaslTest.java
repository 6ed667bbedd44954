package io.scrapingagent.config;

import static io.scrapingagent.config.SettingsFixture.load;
import static io.scrapingagent.config.SettingsFixture.problem;
import static io.scrapingagent.config.SettingsFixture.source;
import static io.scrapingagent.config.SettingsFixture.warning;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaSaslTest {

    static Stream<String> passwords() {
        Random random = new Random(42);
        String nasty = "\"\\;= '\n\r\t/*//#${}ntbf07u\u0000äß€\uD83D\uDD11\u0080\u00FF";
        Stream<String> written =
                Stream.of(
                        "plain",
                        "a \"b\\ ;c",
                        " both ends ",
                        "/* no */ // comment",
                        "${file:/etc/passwd:x}",
                        "None");
        Stream<String> made =
                Stream.generate(
                                () ->
                                        random.ints(12, 0, nasty.length())
                                                .mapToObj(i -> nasty.substring(i, i + 1))
                                                .reduce("x", String::concat))
                        .limit(200);
        return Stream.concat(written, made);
    }

    @ParameterizedTest
    @MethodSource("passwords")
    void kafkaReadsNameAndPasswordAsTheyWereGiven(String password) throws Exception {
        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL",
                        "SASL_PLAINTEXT",
                        "KAFKA_SASL_MECHANISM",
                        "PLAIN",
                        "KAFKA_SASL_PLAIN_USERNAME",
                        "u" + password + "u",
                        "KAFKA_SASL_PLAIN_PASSWORD",
                        password);

        AppConfigurationEntry entry = asKafkaReadsIt(settings);

        // editors and Windows add line ends
        String kept = password.replaceFirst("[\\r\\n]+\\z", "");
        assertThat(entry.getOptions())
                .isEqualTo(Map.of("username", "u" + password + "u", "password", kept));
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, Plain", "SCRAM-SHA-256, Scram", "scram-sha-512, Scram"})
    void eachMechanismHasItsLoginModule(String mechanism, String module) throws Exception {
        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL", "sasl_ssl",
                        "KAFKA_SASL_MECHANISM", mechanism,
                        "KAFKA_SASL_USERNAME", "me",
                        "KAFKA_SASL_PASSWORD", "hush");

        assertThat(asKafkaReadsIt(settings).getLoginModuleName())
                .isEqualTo(
                        module.equals("Plain")
                                ? PlainLoginModule.class.getName()
                                : ScramLoginModule.class.getName());
        assertThat(settings.kafka()).containsEntry("security.protocol", "SASL_SSL");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void plainIsAssumedWithoutAMechanism() throws Exception {
        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "KAFKA_SASL_USERNAME", "me",
                        "KAFKA_SASL_PASSWORD", "hush");

        assertThat(settings.kafka()).containsEntry("sasl.mechanism", "PLAIN");
        assertThat(settings.warnings())
                .containsExactly(
                        "KAFKA_SASL_USERNAME: KAFKA_SASL_MECHANISM is not set, PLAIN is assumed");
    }

    @ParameterizedTest
    @CsvSource({"PLAINTEXT", "SSL", "''"})
    void credentialsThatAreNotUsedAreWarnedAbout(String protocol) throws Exception {
        Settings settings =
                load(
                        "KAFKA_SECURITY_PROTOCOL", protocol,
                        "KAFKA_SASL_USERNAME", "me",
                        "KAFKA_SASL_PASSWORD", "hush");

        assertThat(settings.kafka()).doesNotContainKey("sasl.jaas.config");
        assertThat(warning(settings))
                .contains("KAFKA_SASL_USERNAME", "set KAFKA_SECURITY_PROTOCOL to SASL_SSL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAIN_USERNAME=me | _PLAIN_USERNAME: set both KAFKA_SASL_USERNAME and",
                "PASSWORD=hush | _PASSWORD: set both KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD",
                "MECHANISM=GSSAPI USERNAME=me PASSWORD=hush"
                        + " | _MECHANISM=GSSAPI: allowed is PLAIN, SCRAM-SHA-256",
                "JAAS_CONFIG=hush USERNAME=me PASSWORD=hush"
                        + " | _USERNAME and KAFKA_SASL_JAAS_CONFIG exclude each other: set one"
            })
    void credentialsThatCannotBeUsedAreAnError(String given, String problem) {
        Map<String, String> variables = new HashMap<>();
        for (String each : given.split(" ")) {
            variables.put("KAFKA_SASL_" + each.split("=")[0], each.split("=")[1]);
        }
        if (variables.containsKey("KAFKA_SASL_MECHANISM")) {
            variables.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        }

        assertThat(problem(source(variables)))
                .startsWith("KAFKA_SASL" + problem)
                .doesNotContain("hush");
    }

    @Test
    void loggingInNeedsCredentials() {
        assertThat(problem("KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "KAFKA_SASL_MECHANISM", "PLAIN"))
                .startsWith("KAFKA_SECURITY_PROTOCOL=SASL_SSL: ")
                .contains(
                        "PLAIN and SCRAM need KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD",
                        "KAFKA_SASL_JAAS_CONFIG");
    }

    @Test
    void aJaasFileOfTheJvmWillDo() throws Exception {
        System.setProperty("java.security.auth.login.config", "jaas.conf");
        try {
            assertThat(load("KAFKA_SECURITY_PROTOCOL", "SASL_SSL").warnings()).isEmpty();
        } finally {
            System.clearProperty("java.security.auth.login.config");
        }
    }

    private static AppConfigurationEntry asKafkaReadsIt(Settings settings) {
        Password config = new Password(settings.kafka().get("sasl.jaas.config"));
        return JaasContext.loadClientContext(Map.of("sasl.jaas.config", config))
                .configurationEntries()
                .get(0);
    }
}
