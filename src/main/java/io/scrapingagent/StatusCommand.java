package io.scrapingagent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.Hours;
import io.scrapingagent.settings.Settings;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Says which hours are published, from the ledger alone. */
@Command(
        name = "status",
        description = {
            "Says for each cluster and query which hours are published and which are open, from the"
                    + " ledger alone.",
            "Exit code 1 where an hour is open for more than 2 hours."
        },
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class)
final class StatusCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    enum Output {
        text,
        json
    }

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Override
    public Integer call() {
        return CommandRun.run(this::report);
    }

    private int report(Settings settings) {
        if (!settings.delivery().hasLedger()) {
            System.err.println(
                    "METRICS_DELIVERY=%s: there is no ledger to read"
                            .formatted(settings.delivery()));
            return ExitCode.USAGE;
        }
        Hours hours =
                new Hours(
                        Clock.systemUTC(),
                        Duration.ofMinutes(settings.minuteToScrapeAt()),
                        RETENTION);
        Ledger ledger = new Ledger();
        new LedgerTopic(settings.ledgerTopic(), settings.kafka(), TIMEOUT).readInto(ledger);
        Instant lastDue = hours.lastDue();
        List<SeriesStatus> statuses = SeriesStatus.of(ledger, lastDue, hours.oldestAvailable());
        print(statuses, System.out);
        boolean late = statuses.stream().anyMatch(status -> status.isLate(lastDue));
        return late ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private void print(List<SeriesStatus> statuses, PrintStream out) {
        if (output == Output.json) {
            try {
                out.println(JSON.writeValueAsString(statuses));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            return;
        }
        if (statuses.isEmpty()) {
            out.println("The ledger is empty: nothing was published yet.");
        }
        for (SeriesStatus status : statuses) {
            out.printf(
                    "%s %s by %s%n  published %d hours, %d records, first %s, last %s%n",
                    status.cluster(),
                    status.metric(),
                    status.groupBy(),
                    status.hours(),
                    status.records(),
                    status.first(),
                    status.last());
            printHours(out, "open", status.open());
            printHours(out, "lost", status.lost());
        }
    }

    private static void printHours(PrintStream out, String what, List<String> hours) {
        if (hours.isEmpty()) {
            out.printf("  %s      none%n", what);
        }
        hours.forEach(hour -> out.printf("  %s      %s%n", what, hour));
    }
}
