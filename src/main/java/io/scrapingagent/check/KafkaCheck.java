package io.scrapingagent.check;

import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Brokers;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.utils.Utils;

/** Is Kafka there, does it accept the login, and are topics and rights as the agent needs them? */
final class KafkaCheck {

    private static final String LOGIN = "Kafka login";

    private final Settings settings;
    private final Duration patience;

    KafkaCheck(Settings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    void run(List<Finding> findings) {
        Finding reachable = reachable();
        findings.add(reachable);
        if (!reachable.isGood()) {
            findings.add(Finding.notAsked(LOGIN, "Kafka cannot be reached"));
            notAsked(findings, "Kafka cannot be reached");
            return;
        }
        try (Brokers brokers = new Brokers(settings.kafka(), "check", patience.dividedBy(2))) {
            int count = Brokers.answer(brokers.admin().describeCluster().nodes()).size();
            findings.add(Finding.ok(LOGIN, login() + ", " + Plural.of(count, "broker")));
            try {
                new TopicsCheck(settings, brokers).run(findings);
            } catch (KafkaException e) {
                findings.add(Finding.failed(Check.KAFKA, FailureReason.of(e)));
            }
        } catch (KafkaException e) {
            FailureReason reason = FailureReason.of(e);
            findings.add(Finding.failed(LOGIN, login() + ": " + reason.what(), reason.remedy()));
            notAsked(findings, "Kafka does not let the agent in");
        }
    }

    /** A plain connection: Kafka's client says no more than that time is up. */
    private Finding reachable() {
        String[] servers =
                settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).split(",");
        List<String> failures = new ArrayList<>();
        for (String server : servers) {
            try (Socket socket = new Socket()) {
                InetAddress address = InetAddress.getByName(Utils.getHost(server));
                socket.connect(
                        new InetSocketAddress(address, Utils.getPort(server)),
                        (int) patience.dividedBy(3L * servers.length).toMillis());
                return Finding.ok(Check.KAFKA, server + " accepts connections");
            } catch (UnknownHostException e) {
                failures.add(server + ": the host name is unknown");
            } catch (IOException e) {
                failures.add(server + ": " + e.getMessage());
            }
        }
        return Finding.failed(
                Check.KAFKA,
                String.join(", ", failures),
                "check KAFKA_BOOTSTRAP_SERVERS, DNS, network and firewall");
    }

    private void notAsked(List<Finding> findings, String reason) {
        findings.add(Finding.notAsked("Topic " + settings.topic(), reason));
        if (settings.delivery().hasLedger()) {
            findings.add(Finding.notAsked("Topic " + settings.ledgerTopic(), reason));
        }
        findings.add(Finding.notAsked("Rights", reason));
    }

    private String login() {
        String protocol =
                settings.kafka()
                        .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        return protocol.startsWith("SASL")
                ? protocol
                        + " "
                        + settings.kafka().getOrDefault(SaslConfigs.SASL_MECHANISM, "GSSAPI")
                : protocol;
    }
}
