package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.scrape.Backfill;
import io.scrapingagent.scrape.Scrape;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
        })
final class BackfillCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    @Option(
            names = "--from",
            required = true,
            paramLabel = "HOUR",
            description = "The first hour (UTC), like 2025-09-02T01:00Z.")
    private OffsetDateTime from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "HOUR",
            description = "The last hour (UTC), itself included.")
    private OffsetDateTime to;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            split = ",",
            description = "Only this cluster; repeatable. Without it: all.")
    private Set<String> clusters = new LinkedHashSet<>();

    @Override
    public Integer call() throws Exception {
        Settings settings = CommandRun.settings();
        Hours hours = AgentConfiguration.hours(settings, Clock.systemUTC());
        Instant first = from.toInstant();
        Instant last = to.toInstant();
        String problem = problem(settings, hours, first, last);
        if (problem != null) {
            System.err.println(problem);
            return ExitCode.USAGE;
        }
        if (first.isBefore(hours.firstAvailable())) {
            LOG.warn(
                    "--from={}: not available any more, the Metrics API keeps {} hours;"
                            + " begins with {}",
                    first,
                    settings.retentionHours(),
                    hours.firstAvailable());
            first = hours.firstAvailable();
        }
        if (last.isAfter(hours.lastDue())) {
            LOG.warn("--to={}: not due yet; ends with {}", last, hours.lastDue());
            last = hours.lastDue();
        }
        // none stands for all, those that are listed included
        List<String> asked = List.copyOf(clusters);
        return fetch(settings, new Backfill(first, last, asked, BackfillCommand::show));
    }

    /** Returns what is wrong with the arguments, or null. */
    private String problem(Settings settings, Hours hours, Instant first, Instant last) {
        if (!isFullHour(first) || !isFullHour(last)) {
            return "--from=%s --to=%s: allowed are full hours".formatted(first, last);
        } else if (!settings.delivery().hasLedger()) {
            return "METRICS_DELIVERY=%s: backfill needs a ledger, with exactly-once or at-least-once"
                    .formatted(settings.delivery());
        } else if (!settings.isDiscovering() && !settings.ids().containsAll(clusters)) {
            return "--cluster=%s: allowed are those of CONFLUENT_METRICS_CLUSTER_ID_LIST, %s"
                    .formatted(String.join(",", clusters), String.join(",", settings.ids()));
        } else if (last.isBefore(first)
                || last.isBefore(hours.firstAvailable())
                || first.isAfter(hours.lastDue())) {
            return "--from=%s --to=%s: allowed are hours from %s to %s, the earlier first"
                    .formatted(first, last, hours.firstAvailable(), hours.lastDue());
        }
        return null;
    }

    private static boolean isFullHour(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.HOURS));
    }

    private static int fetch(Settings settings, Backfill backfill) throws StartException {
        try (Agent agent = AgentCommand.startUnscheduled(settings)) {
            Scrape scrape = agent.scrape(backfill);
            if (!scrape.getFailures().isEmpty()) {
                return ExitCode.SOFTWARE;
            }
            if (scrape.getRequests() == 0) {
                System.out.printf(
                        "Nothing to fetch: the ledger has all hours from %s to %s%n",
                        backfill.from(), backfill.to());
            }
            return ExitCode.OK;
        }
    }

    private static void show(Instant hour, int tried, int hours) {
        System.out.printf("%s: %d of %d hours%n", hour, tried, hours);
    }
}
