package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.Scrape.Backfill;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Fetches hours that somebody asks for. */
@Command(
        name = "backfill",
        description = {
            "Fetches the hours from --from to --to, and ends.",
            "They may lie before the first scrape. The Metrics API must still have them.",
            "What the ledger has is skipped, so it can be stopped and started again. An agent that"
                    + " runs is fenced: stop it first, and start it again afterwards."
        })
final class BackfillCommand implements Callable<Integer> {

    private static final Logger LOG = CommandRun.LOG;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "HOUR",
            converter = FullHour.class,
            description = "The first hour (UTC), like 2025-09-02T01:00Z.")
    private Instant from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "HOUR",
            converter = FullHour.class,
            description = "The last hour (UTC), itself included.")
    private Instant to;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            split = ",",
            description = "Only this cluster; repeatable. Without it: all.")
    private Set<String> clusters = new LinkedHashSet<>();

    @Override
    public Integer call() throws Exception {
        Settings settings = CommandRun.readSettingsAndSetUpLog();
        Hours hours = AgentConfiguration.hours(settings, Clock.systemUTC());
        Instant first = from;
        Instant last = to;
        check(settings, hours, first, last);
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
        // an empty list means all clusters, those that the Metrics API lists (auto, env-…) included
        Backfill backfill = new Backfill(first, last, List.copyOf(clusters), BackfillCommand::say);
        try (Agent agent = AgentCommand.start(settings, false)) {
            Scrape scrape = agent.scrape(backfill);
            if (!scrape.getFailures().isEmpty()) {
                return ExitCode.SOFTWARE;
            }
            CurrentQueries queries = agent.queries();
            List<String> notAsked =
                    clusters.stream().filter(it -> queries.of(it).isEmpty()).toList();
            if (!notAsked.isEmpty()) {
                LOG.error(
                        "--cluster={}: no step of the routes asks for it",
                        String.join(",", notAsked));
                return ExitCode.SOFTWARE;
            }
            if (queries.all().isEmpty()) {
                say("Nothing to fetch: no step of the routes asks for an id of this agent");
            } else if (!scrape.hasPublished()) {
                say("Nothing to fetch: the ledger has all hours from %s to %s", first, last);
            }
            return ExitCode.OK;
        }
    }

    private void check(Settings settings, Hours hours, Instant first, Instant last)
            throws InvalidSettingsException {
        if (!settings.delivery().hasLedger()) {
            throw CommandRun.refusal(
                    "METRICS_DELIVERY=%s: backfill needs a ledger, with exactly-once or"
                            + " at-least-once",
                    settings.delivery());
        } else if (!settings.isDiscovering() && !settings.ids().containsAll(clusters)) {
            throw CommandRun.refusal(
                    "--cluster=%s: allowed are the ids of CONFLUENT_METRICS_*_ID_LIST that this"
                            + " agent scrapes, %s",
                    String.join(",", clusters), String.join(",", settings.ids()));
        } else if (last.isBefore(first)
                || last.isBefore(hours.firstAvailable())
                || first.isAfter(hours.lastDue())) {
            throw CommandRun.refusal(
                    "--from=%s --to=%s: allowed are hours from %s to %s, the earlier first",
                    first, last, hours.firstAvailable(), hours.lastDue());
        }
    }

    private static void say(String line, Object... values) {
        // a program that reads JSON wants no other line
        Consumer<String> lines = LogSetup.isJson() ? LOG::info : System.out::println;
        lines.accept(line.formatted(values));
    }

    /** Reads the start of an hour, with its offset from UTC. */
    static final class FullHour implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                if (time.equals(time.truncatedTo(ChronoUnit.HOURS))) {
                    return time;
                }
            } catch (DateTimeParseException e) {
                // said below, as for a time within an hour
            }
            throw new TypeConversionException(
                    "'" + text + "': allowed are full hours like 2025-09-02T01:00Z");
        }
    }
}
