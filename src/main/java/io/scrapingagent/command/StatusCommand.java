package io.scrapingagent.command;

import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.config.AgentVersion;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.Hours;
import io.scrapingagent.ledger.Ledger;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.ledger.SeriesStatus;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

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
    @Mixin private OutputOption output;

    @Override
    public Integer call() {
        // standard output is for the status alone, so that a program can read it
        LogSetup.logToStandardError();
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
                SeriesStatus.of(
                        ledger.all(),
                        series -> settings.clusters().contains(series.cluster()),
                        lastDue,
                        hours.oldestAvailable());
        statuses.addAll(SeriesStatus.nothing(settings.clusters(), ledger.all()));
        boolean empty = statuses.stream().allMatch(SeriesStatus::knowsNothing);
        if (output.isJson()) {
            System.out.println(OutputOption.json(statuses));
        } else if (!empty) {
            // the marks are there in every locale
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            statuses.forEach(status -> StatusText.print(status, lastDue, out));
        }
        List<String> concerns =
                empty
                        ? StatusText.nothing(where.formatted(settings.ledgerTopic()))
                        : StatusText.concerns(statuses, lastDue);
        concerns.forEach(output.isJson() ? System.err::println : System.out::println);
        if (concerns.isEmpty() && !output.isJson()) {
            System.out.println(StatusText.allIsWell(statuses, lastDue));
        }
        return concerns.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
