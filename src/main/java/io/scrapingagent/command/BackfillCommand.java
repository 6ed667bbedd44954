package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.scrape.Backfill;
import io.scrapingagent.scrape.Scrape;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

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
    private Set<String> clusters = new LinkedHashSet<>();

    @Override
    public Integer call() throws Exception {
        if (to.isBefore(from)) {
            System.err.println("--to=" + to + ": allowed is an hour not before --from");
            return ExitCode.USAGE;
        }
        Settings settings = CommandRun.settings();
        if (!settings.delivery().hasLedger()) {
            System.err.println(
                    "METRICS_DELIVERY=%s: backfill needs a ledger, with exactly-once or at-least-once"
                            .formatted(settings.delivery()));
            return ExitCode.USAGE;
        }
        if (!settings.isDiscovering() && !settings.ids().containsAll(clusters)) {
            System.err.println(
                    "--cluster=%s: allowed are those of CONFLUENT_METRICS_CLUSTER_ID_LIST, %s"
                            .formatted(
                                    String.join(",", clusters), String.join(",", settings.ids())));
            return ExitCode.USAGE;
        }
        Hours hours = AgentConfiguration.hours(settings, Clock.systemUTC());
        Instant first = hours.firstAvailable();
        Instant last = hours.lastDue();
        if (to.isBefore(first)) {
            System.err.println(
                    "--to=%s: allowed is an hour that the Metrics API still has, from %s on"
                            .formatted(to, first));
            return ExitCode.USAGE;
        }
        if (from.isAfter(last)) {
            System.err.println(
                    "--from=%s: allowed is an hour that is due, up to %s".formatted(from, last));
            return ExitCode.USAGE;
        }
        if (from.isBefore(first)) {
            LOG.warn(
                    "--from={}: not available any more, the Metrics API keeps {} hours;"
                            + " begins with {}",
                    from,
                    settings.retentionHours(),
                    first);
            from = first;
        }
        if (to.isAfter(last)) {
            LOG.warn("--to={}: not due yet; ends with {}", to, last);
            to = last;
        }
        // none stands for all, those that are listed included
        return fetch(settings, List.copyOf(clusters));
    }

    private int fetch(Settings settings, List<String> asked) throws StartException {
        try (Agent agent = AgentCommand.agent(settings, false)) {
            agent.start();
            Scrape scrape = agent.scrape(new Backfill(from, to, asked, BackfillCommand::show));
            if (!scrape.getFailures().isEmpty()) {
                return ExitCode.SOFTWARE;
            }
            if (scrape.getRequests() == 0) {
                System.out.printf(
                        "Nothing to fetch: the ledger has all hours from %s to %s%n", from, to);
            }
            return ExitCode.OK;
        }
    }

    /** Prints how far the backfill has come. */
    private static void show(Instant hour, int tried, int hours) {
        System.out.printf("%s: %d of %d hours%n", hour, tried, hours);
    }

    /**
     * Reads an hour of the command line: {@code 2025-09-02T01}, {@code …T01:00} or {@code
     * …T01:00Z}.
     */
    static final class UtcHour implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            String time = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            try {
                Instant instant =
                        LocalDateTime.parse(time.matches(".*T\\d\\d") ? time + ":00" : time)
                                .toInstant(ZoneOffset.UTC);
                if (instant.equals(instant.truncatedTo(ChronoUnit.HOURS))) {
                    return instant;
                }
            } catch (DateTimeException e) {
                // said below, like a time that is no full hour
            }
            throw new TypeConversionException(
                    "'" + text + "' is not a full UTC hour like 2025-09-02T01:00Z");
        }
    }
}
