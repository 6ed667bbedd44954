package io.scrapingagent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AgentCommandTest {

    /** A failed query does not end a run, nor does its exit code tell of one. */
    @Test
    void exitCodesThatTellOfQueriesNameTheirCommands() {
        CommandLine agent = new CommandLine(new AgentCommand());

        for (CommandLine command : new CommandLine[] {agent, agent.getSubcommands().get("run")}) {
            assertThat(command.getUsageMessage().lines())
                    .filteredOn(line -> line.matches(".*(nothing|something) failed.*"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("of once and backfill: "));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2, The directory is empty: name one (. is the current one)",
        "/proc/x, 1, Cannot be written: /proc/x: name a directory that you may make and write to"
    })
    void aDirectoryThatRoutesCannotBeExportedTo(String directory, int code, String said) {
        assertThat(errors(code, "export-routes", directory)).isEqualTo(said + "\n");
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure(@TempDir Path directory) throws Exception {
        PrintStream out = System.out;
        try (PrintStream full = new PrintStream("/dev/full")) {
            System.setOut(full);

            assertThat(errors(1, "export-routes", directory.toString()))
                    .startsWith("Standard output cannot be written to");
        } finally {
            System.setOut(out);
        }
    }

    /** Returns what a command says to standard error. */
    private static String errors(int code, String... arguments) {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said));
        try {
            assertThat(CommandRun.execute(arguments)).isEqualTo(code);
        } finally {
            System.setErr(err);
        }
        return said.toString();
    }
}
