package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.AgentConfiguration;
import io.scrapingagent.api.Query;
import io.scrapingagent.check.Check;
import io.scrapingagent.check.Finding;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.scrape.CurrentQueries;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Says whether the configuration will work. */
@Command(
        name = "check",
        description = {
            "Says whether this configuration will work: settings, routes, Metrics API, clock,"
                    + " Kafka, topics and rights. Takes a few seconds and changes nothing.",
            "One line for each question; after an arrow: what to do."
        },
        exitCodeList = {
            "0:all is well",
            "1:something will not work or is not known, wrong settings included",
            "2:wrong arguments"
        })
final class CheckCommand implements Callable<Integer> {

    /**
     * How long the Metrics API and Kafka may take. With the start of the JVM and the routes, the
     * whole check then takes at most 10 seconds on an idle machine.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @Mixin private OutputOption output;

    @Override
    public Integer call() {
        // standard output is for the findings alone, so that a program can read it
        LogSetup.logToStandardError();
        List<Finding> findings;
        try {
            Settings settings = Settings.load(SettingsSource.ofProcess());
            LogSetup.apply(settings.logLevel());
            LogSetup.silenceLibraries(settings.logLevel());
            findings = findings(settings, Clock.systemUTC(), PATIENCE);
        } catch (InvalidSettingsException e) {
            findings = Check.ofWrongSettings(e.problems());
        }
        print(findings);
        return findings.stream().allMatch(Finding::isGood) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Returns what there is to say of a configuration with valid settings. */
    static List<Finding> findings(Settings settings, Clock clock, Duration patience) {
        List<Finding> findings = new ArrayList<>(Check.ofSettings(settings));
        List<Query> queries = queries(settings, clock, findings);
        Instant lastDue = AgentConfiguration.hours(settings, clock).lastDue();
        findings.addAll(Check.ofBothSides(settings, queries, lastDue, clock, patience));
        return findings;
    }

    private static List<Query> queries(Settings settings, Clock clock, List<Finding> findings) {
        try (Agent agent = Agent.idle(settings, clock, Map.of())) {
            agent.start();
            List<Query> queries = CurrentQueries.ofRoutes(agent.camelContext());
            findings.add(Check.ofRoutes(queries));
            return queries;
        } catch (StartException e) {
            findings.add(Check.ofBrokenRoutes(e.getMessage()));
            return List.of();
        }
    }

    private void print(List<Finding> findings) {
        PrintStream out = OutputOption.out();
        if (output.isJson()) {
            out.println(OutputOption.json(findings));
        } else {
            findings.forEach(finding -> out.println(finding.toLine()));
            out.println(verdict(findings));
        }
    }

    /** Returns what it all comes to, in colour on a terminal. */
    private static String verdict(List<Finding> findings) {
        long failed = findings.stream().filter(it -> it.mark() == Finding.Mark.FAILED).count();
        long unknown = findings.stream().filter(it -> it.mark() == Finding.Mark.NOT_ASKED).count();
        String verdict = "@|bold,green ✓ Nothing speaks against a start.|@";
        if (failed > 0) {
            verdict = "@|bold,red ✗ It will not work yet: %d to mend, see the lines with ✗.|@";
        } else if (unknown > 0) {
            verdict = "@|bold,yellow – Not known yet: %d. Check again.|@";
        }
        return CommandLine.Help.Ansi.AUTO.string(verdict.formatted(failed > 0 ? failed : unknown));
    }
}
