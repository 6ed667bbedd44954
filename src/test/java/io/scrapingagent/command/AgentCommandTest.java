package io.scrapingagent.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AgentCommandTest {

    /** A failed query does not end a run, nor does its exit code tell of one. */
    @Test
    void exitCodesThatTellOfQueriesNameTheirCommands() {
        CommandLine agent = new CommandLine(new AgentCommand());

        for (CommandLine command : new CommandLine[] {agent, agent.getSubcommands().get("run")}) {
            assertThat(command.getUsageMessage().lines())
                    .filteredOn(line -> line.matches(".*query (succeeded|failed).*"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("of once and backfill: "));
        }
    }
}
