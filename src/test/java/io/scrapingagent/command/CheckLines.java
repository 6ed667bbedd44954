package io.scrapingagent.command;

import io.scrapingagent.check.Finding;
import io.scrapingagent.routes.ScrapeFixture;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The lines that {@code check} prints of an agent's configuration. */
public final class CheckLines {

    /** When the simulator's clock and the agent's agree. */
    static final Instant NOW = ScrapeFixture.HOUR.plus(Duration.ofMinutes(70));

    private CheckLines() {}

    /** Returns all of them. */
    public static List<String> of(ScrapeFixture agent) throws Exception {
        return of(agent, NOW, Duration.ofSeconds(60));
    }

    static List<String> of(ScrapeFixture agent, Instant now, Duration patience) throws Exception {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return CheckCommand.findings(agent.settings(), clock, patience).stream()
                .map(Finding::toLine)
                .toList();
    }

    /** Returns the lines that say that something will not work or is not known. */
    static List<String> bad(List<String> lines) {
        return lines.stream().filter(line -> line.matches("[✗–].*")).toList();
    }
}
