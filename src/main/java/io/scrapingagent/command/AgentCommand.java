package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.Scrape;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The commands, and what their exit codes mean. */
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
            "0:every query succeeded",
            "1:a query failed, or the agent could not start",
            "2:wrong settings or arguments",
            "143:stopped by SIGTERM"
        },
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class,
        subcommands = {
            BackfillCommand.class,
            CheckCommand.class,
            ExportRoutesCommand.class,
            StatusCommand.class
        })
public final class AgentCommand implements Callable<Integer> {

    /** Runs the agent until it is stopped. */
    @Override
    public Integer call() throws Exception {
        return run(false);
    }

    @Command(
            name = "run",
            description = "Scrapes every hour until it is stopped.",
            mixinStandardHelpOptions = true,
            versionProvider = AgentVersion.class)
    Integer run(
            @Option(
                            names = "--dev",
                            description =
                                    "Replaces the routes whenever a file in AGENT_ROUTES_DIR is"
                                            + " saved.")
                    boolean dev)
            throws Exception {
        Settings settings = CommandRun.settings();
        if (dev && settings.routesDirectory().isEmpty()) {
            System.err.println(
                    "AGENT_ROUTES_DIR is not set: --dev needs a directory of routes,"
                            + " which export-routes makes");
            return ExitCode.USAGE;
        }
        // before Kafka is asked: that would disturb an agent which has the port
        StartConditions.requirePort(settings.management());
        Agent agent = agent(settings, true);
        if (dev) {
            agent.reloadRoutes();
        }
        return agent.run();
    }

    @Command(
            name = "once",
            description = "Closes all gaps once and ends.",
            mixinStandardHelpOptions = true,
            versionProvider = AgentVersion.class)
    Integer once() throws Exception {
        try (Agent agent = agent(CommandRun.settings(), false)) {
            agent.start();
            Scrape scrape = agent.scrape();
            return scrape.getFailures().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    /**
     * Prepares an agent that Kafka lets do what it has to.
     *
     * @throws StartException when it may not; the message says what to grant
     */
    static Agent agent(Settings settings, boolean scheduled) throws StartException {
        StartConditions.requireRights(settings);
        return new Agent(settings, Clock.systemUTC(), scheduled, Map.of());
    }
}
