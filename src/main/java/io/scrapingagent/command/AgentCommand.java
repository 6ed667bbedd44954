package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.check.KafkaRequirements;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.Settings.ManagementSettings;
import io.scrapingagent.scrape.FailureReason;
import io.scrapingagent.scrape.Scrape;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The commands, and what their exit codes mean. All of them inherit the attributes below. */
@Command(
        name = "confluent-scraping-agent",
        description = {
            "Collects usage metrics from Confluent Cloud's Metrics API every hour and publishes"
                    + " them to Kafka.",
            "",
            "Without a command it does what run does: it scrapes every hour until it is stopped."
        },
        footer = {
            "",
            "Settings are environment variables, or properties in application.properties:",
            "CONFLUENT_METRICS_API_KEY, CONFLUENT_METRICS_API_SECRET,",
            "CONFLUENT_METRICS_CLUSTER_ID_LIST, METRICS_TOPIC, KAFKA_BOOTSTRAP_SERVERS, KAFKA_…"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success; of once and backfill: nothing failed",
            "1:the agent could not start; of once and backfill: or something failed",
            "2:wrong settings or arguments",
            "143:stopped by SIGTERM"
        },
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class,
        scope = ScopeType.INHERIT,
        subcommands = {
            BackfillCommand.class,
            CheckCommand.class,
            ExportRoutesCommand.class,
            StatusCommand.class
        })
public final class AgentCommand implements Callable<Integer> {

    private static final Logger LOG = CommandRun.LOG;
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(10);

    /** Runs the agent until it is stopped. */
    @Override
    public Integer call() throws Exception {
        return run(false);
    }

    @Command(name = "run", description = "Scrapes every hour until it is stopped.")
    Integer run(
            @Option(
                            names = "--dev",
                            description =
                                    "Replaces the routes whenever a file in AGENT_ROUTES_DIR is"
                                            + " saved.")
                    boolean dev)
            throws Exception {
        Settings settings = CommandRun.readSettingsAndSetUpLog();
        if (dev && settings.routesDirectory().isEmpty()) {
            throw CommandRun.refusal(
                    "AGENT_ROUTES_DIR is not set: --dev needs a directory of routes,"
                            + " which export-routes makes");
        }
        // before Kafka is asked: that would disturb an agent which has the port
        requirePort(settings.management());
        if (!dev) {
            start(settings, true).awaitStop();
            return ExitCode.OK;
        }
        Supplier<Agent> agents = () -> new Agent(settings, Clock.systemUTC(), true, Map.of());
        requireRoutesAndRights(agents.get(), settings);
        try (RouteReload reload =
                new RouteReload(settings.routesDirectory().orElseThrow(), agents)) {
            reload.start();
            reload.watch();
            return ExitCode.OK;
        }
    }

    @Command(name = "once", description = "Closes all gaps once and ends.")
    Integer once() throws Exception {
        try (Agent agent = start(CommandRun.readSettingsAndSetUpLog(), false)) {
            Scrape scrape = agent.scrape();
            return scrape.getFailures().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    /**
     * Starts an agent. SIGTERM closes it.
     *
     * @param scheduled whether it scrapes every hour, or only when asked to
     * @throws StartException when it lacks rights or cannot be started; the message says why
     */
    static Agent start(Settings settings, boolean scheduled) throws StartException {
        Agent agent = new Agent(settings, Clock.systemUTC(), scheduled, Map.of());
        requireRoutesAndRights(agent, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(agent::closeInTime));
        agent.start();
        return agent;
    }

    /**
     * Refuses to start with broken routes, or without the rights that the delivery needs. These are
     * tried by using them: the ledger's topic is made and, last of all, a running agent is fenced.
     * Warns where a topic would change, refuse or remove records; goes on where Kafka fails for
     * another reason.
     */
    private static void requireRoutesAndRights(Agent agent, Settings settings)
            throws StartException {
        agent.prepareRoutes();
        List<String> grants = new ArrayList<>();
        try (KafkaRequirements kafka = new KafkaRequirements(settings, "rights", KAFKA_TIMEOUT)) {
            kafka.prepareStart(grants);
            kafka.wrongTopicSettings().forEach(it -> LOG.warn(it.withoutMark()));
        } catch (KafkaException e) {
            LOG.debug("Kafka cannot be prepared for a start", e);
            LOG.warn(
                    "It is not certain that the agent has its rights and its ledger's topic: {}",
                    FailureReason.of(e).sentence());
        }
        if (!grants.isEmpty()) {
            throw new StartException(howToGrant(grants, settings), null);
        }
    }

    private static String howToGrant(List<String> grants, Settings settings) {
        StringBuilder text = new StringBuilder();
        text.append("with METRICS_DELIVERY=")
                .append(settings.delivery())
                .append(" it needs rights that Kafka does not give it. Grant them:");
        grants.forEach(grant -> text.append("\n  ").append(grant));
        if (settings.shard().isOneOfSeveral()) {
            // no other delivery has shards
            return text.toString();
        }
        if (settings.delivery().isTransactional()) {
            text.append("\nMETRICS_DELIVERY=at-least-once does without the transactional id.");
        }
        if (settings.delivery().hasLedger()) {
            text.append("\nMETRICS_DELIVERY=stateless does without the ledger's topic.");
        }
        return text.toString();
    }

    /**
     * Refuses to start where the port cannot be had. Else Camel's management server would only
     * warn, and the agent would run without health and metrics.
     */
    private static void requirePort(ManagementSettings management) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(management.address(), management.port()));
        } catch (IOException e) {
            throw new StartException(
                    ("it cannot listen on %s (%s). Set MANAGEMENT_PORT to a port that is free, or"
                                    + " MANAGEMENT_ADDRESS to an address of this machine")
                            .formatted(management, e.getMessage()),
                    e);
        }
    }
}
