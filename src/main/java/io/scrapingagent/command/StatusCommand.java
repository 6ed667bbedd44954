package io.scrapingagent.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.AgentVersion;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.SeriesStatus;
import io.scrapingagent.scrape.Hours;
import io.scrapingagent.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Says which hours are published, from the ledger alone. */
@Command(
        name = "status",
        description = {
            "Says for each cluster and query which hours are published and which are open, from the"
                    + " ledger alone.",
            "Exit code 1 where an hour is open for more than 2 hours, or nothing is published of a"
                    + " cluster."
        },
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class)
final class StatusCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
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
        // standard output is for the status alone, so that a program can read it
        LogLevels.logToStandardError();
        return CommandRun.run(this::report);
    }

    private int report(Settings settings) {
        if (!settings.delivery().hasLedger()) {
            System.err.println(
                    "METRICS_DELIVERY=%s: there is no ledger to read"
                            .formatted(settings.delivery()));
            return ExitCode.USAGE;
        }
        Hours hours = AgentConfiguration.hours(settings, Clock.systemUTC());
        Instant lastDue = hours.lastDue();
        Ledger ledger = new Ledger();
        ledger.forgetOld(lastDue);
        String where = "the ledger's topic %s has no entries";
        try {
            new LedgerTopic(settings.ledgerTopic(), settings.kafka(), TIMEOUT).readInto(ledger);
        } catch (UnknownTopicOrPartitionException e) {
            where = "there is no topic %s (METRICS_LEDGER_TOPIC)";
        }
        List<SeriesStatus> statuses =
                SeriesStatus.of(ledger, settings.clusters(), lastDue, hours.oldestAvailable());
        boolean empty = statuses.stream().allMatch(SeriesStatus::knowsNothing);
        if (output == Output.json) {
            System.out.println(json(statuses));
        } else if (!empty) {
            statuses.forEach(status -> StatusText.print(status, System.out));
        }
        List<String> concerns =
                empty
                        ? StatusText.nothing(where.formatted(settings.ledgerTopic()))
                        : StatusText.concerns(statuses, lastDue);
        concerns.forEach(output == Output.json ? System.err::println : System.out::println);
        return concerns.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String json(List<SeriesStatus> statuses) {
        try {
            return JSON.writeValueAsString(statuses);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
