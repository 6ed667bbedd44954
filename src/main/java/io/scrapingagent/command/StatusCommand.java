package io.scrapingagent.command;

import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.Hours.Gaps;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.ListedResource;
import io.scrapingagent.scrape.Discovery;
import io.scrapingagent.status.StatusModel;
import io.scrapingagent.status.StatusModel.SeriesStatus;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Says which hours are published, from the ledger alone. */
@Command(
        name = "status",
        description =
                "Says for each cluster and query which hours are published and which are open, from the"
                        + " ledger alone.",
        exitCodeList = {
            "0:all is well",
            "1:an hour is open for more than 2 hours, nothing is published of a cluster, no list of"
                    + " resources is known, or Kafka cannot be read",
            "2:wrong settings or arguments"
        })
final class StatusCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String REMEDY =
            "look at the agent's log for the reason; if no agent runs, start it or run `once`";

    @Mixin private OutputOption output;

    @Override
    public Integer call() throws Exception {
        // standard output is for the status alone, so that a program can read it
        LogSetup.logToStandardError();
        Settings settings = CommandRun.readSettingsAndSetUpLog();
        if (!settings.delivery().hasLedger()) {
            throw CommandRun.refusal(
                    "METRICS_DELIVERY=%s: there is no ledger to read", settings.delivery());
        }
        Ledger ledger = new Ledger(settings.shard()::takes);
        Hours hours = AgentConfiguration.hours(settings, Clock.systemUTC());
        read(settings, ledger, hours.lastDue());
        Discovery discovery = new Discovery(settings, ledger, Clock.systemUTC());
        Set<String> scraped = new LinkedHashSet<>(discovery.ids());
        StatusModel model =
                StatusModel.of(
                        new Coverage(ledger, hours, true, discovery::lastHour),
                        List.copyOf(scraped),
                        List.of(),
                        series -> scraped.contains(series.cluster()));
        List<SeriesStatus> rows = model.queries().toList();
        List<String> concerns = concerns(model, rows, settings.ledgerTopic());
        if (discovery.isWithoutList()) {
            concerns.add(
                    "No list of resources is known yet, by the ledger's topic %s: %s."
                            .formatted(settings.ledgerTopic(), REMEDY));
        }
        PrintStream out = OutputOption.out();
        if (output.isJson()) {
            out.println(OutputOption.json(rows));
            concerns.forEach(System.err::println);
        } else {
            rows.forEach(row -> print(row, discovery.listed(), model.lastDue(), out));
            concerns.forEach(out::println);
            if (concerns.isEmpty()) {
                out.println(allIsWell(rows, model.lastDue()));
            }
        }
        return concerns.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void read(Settings settings, Ledger ledger, Instant lastDue) {
        // before it is read: this also sets which hours the ledger takes
        ledger.forgetOld(lastDue);
        try {
            new LedgerTopic(settings.ledgerTopic(), settings.kafka(), TIMEOUT).readInto(ledger);
        } catch (UnknownTopicOrPartitionException e) {
            // as good as an empty one
        }
    }

    /**
     * Prints what is published, open and lost of a row. Its mark says whether somebody has to look
     * after it; hours that are lost are no reason, for nothing brings them back.
     */
    private static void print(
            SeriesStatus row,
            Map<String, ListedResource> listed,
            Instant lastDue,
            PrintStream out) {
        if (row.isClusterOnly()) {
            out.printf("✗ %s%n  nothing published yet%n", row.cluster());
            return;
        }
        out.printf("%s %s%n", !row.scraped() ? "–" : row.isLate(lastDue) ? "✗" : "✓", row.series());
        if (listed.containsKey(row.cluster())) {
            out.println("  resource  " + listed.get(row.cluster()).words());
        } else if (!row.scraped()) {
            out.println("  not scraped: not in CONFLUENT_METRICS_*_ID_LIST");
        }
        out.print("  published " + Plural.of(row.hours(), "hour"));
        if (row.hours() > 0) {
            out.printf(
                    ", %s, first %s, last %s",
                    Plural.of(row.records(), "record"), row.first(), row.last());
        }
        out.println();
        if (row.scraped()) {
            out.println("  volume    " + row.volume());
        }
        print(out, "  open      ", row.open());
        print(out, "  lost      ", row.lost());
    }

    private static void print(PrintStream out, String what, List<Instant> hours) {
        if (hours.isEmpty()) {
            out.println(what + "none");
        }
        String start = what;
        for (Gaps.Span span : Gaps.spans(hours)) {
            out.println(
                    start
                            + Plural.of(span.hours(), "hour")
                            + (span.hours() == 1
                                    ? ", " + span.start()
                                    : ", from %s to %s".formatted(span.start(), span.last())));
            start = " ".repeat(what.length());
        }
    }

    private static String allIsWell(List<SeriesStatus> rows, Instant lastDue) {
        List<SeriesStatus> scraped = rows.stream().filter(SeriesStatus::scraped).toList();
        return "%s up to %s, %s open, %s lost for good."
                .formatted(
                        Plural.of(scraped.size(), "query"),
                        lastDue,
                        Plural.of(scraped.stream().mapToInt(it -> it.open().size()).sum(), "hour"),
                        scraped.stream().mapToInt(it -> it.lost().size()).sum());
    }

    /** Returns a sentence for each thing that somebody should look after; none if all is well. */
    private static List<String> concerns(
            StatusModel model, List<SeriesStatus> rows, String ledgerTopic) {
        List<String> concerns = new ArrayList<>();
        List<SeriesStatus> late = rows.stream().filter(it -> it.isLate(model.lastDue())).toList();
        if (!late.isEmpty()) {
            List<Instant> open = late.stream().flatMap(it -> it.open().stream()).sorted().toList();
            // why an hour is open does not stand in the ledger, but whether an agent publishes does
            concerns.add(
                    "Open: %s of %s, the oldest for more than 2 hours: %s. %s: %s."
                            .formatted(
                                    Plural.of(open.size(), "hour"),
                                    Plural.of(late.size(), "query"),
                                    open.get(0),
                                    model.lastPublication()
                                            .map(it -> "An agent last published at " + it)
                                            .orElse("No agent published in the last 7 days"),
                                    REMEDY));
        }
        String unknown =
                rows.stream()
                        .filter(SeriesStatus::isClusterOnly)
                        .map(SeriesStatus::cluster)
                        .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            concerns.add(
                    "Nothing published yet of %s, by the ledger's topic %s: %s."
                            .formatted(unknown, ledgerTopic, REMEDY));
        }
        return concerns;
    }
}
