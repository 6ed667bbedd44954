package io.scrapingagent;

import io.scrapingagent.scrape.Backfill;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.settings.Settings;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Fetches hours that somebody asks for. */
@Command(
        name = "backfill",
        description = {
            "Fetches hours before the first scrape as well, as far as the Metrics API has them, and"
                    + " ends.",
            "What the ledger has is skipped, so it can be stopped and started again. An agent that"
                    + " runs is fenced: stop it first, and start it again afterwards."
        },
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class)
final class BackfillCommand implements Callable<Integer> {

    @Option(
            names = "--from",
            required = true,
            paramLabel = "HOUR",
            converter = UtcHour.class,
            description = "The first hour (UTC), like 2025-09-02T01:00Z.")
    private Instant from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "HOUR",
            converter = UtcHour.class,
            description = "The last hour (UTC), itself included.")
    private Instant to;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            split = ",",
            description = "Only this cluster; repeatable. Without it: all.")
    private List<String> clusters = new ArrayList<>();

    @Override
    public Integer call() {
        if (to.isBefore(from)) {
            System.err.println("--to=" + to + ": allowed is an hour not before --from");
            return ExitCode.USAGE;
        }
        return CommandRun.run(this::fetch);
    }

    private int fetch(Settings settings) throws StartException {
        if (!settings.delivery().hasLedger()) {
            System.err.println(
                    "METRICS_DELIVERY=%s: backfill needs a ledger, with exactly-once or at-least-once"
                            .formatted(settings.delivery()));
            return ExitCode.USAGE;
        }
        if (!settings.clusters().containsAll(clusters)) {
            System.err.println(
                    "--cluster=%s: allowed are those of CONFLUENT_METRICS_CLUSTER_ID_LIST, %s"
                            .formatted(
                                    String.join(",", clusters),
                                    String.join(",", settings.clusters())));
            return ExitCode.USAGE;
        }
        CommandRun.requireRights(settings);
        List<String> asked = clusters.isEmpty() ? settings.clusters() : clusters;
        try (Agent agent = new Agent(settings, Clock.systemUTC(), false, Map.of())) {
            agent.start();
            Scrape scrape =
                    agent.scrape(new Backfill(from, to, asked, new BackfillProgress(System.out)));
            return scrape.getFailures().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
