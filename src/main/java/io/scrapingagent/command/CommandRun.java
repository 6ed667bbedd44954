package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.scrape.FailureReason;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What commands have in common: their settings, and one line for what they fail at. */
public final class CommandRun implements IExecutionExceptionHandler {

    /** The log of all commands: operators know {@code Agent}, and no class of a command. */
    static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** Runs a command, and returns its exit code. */
    public static int execute(String... arguments) {
        int code =
                new CommandLine(new AgentCommand())
                        .setExecutionExceptionHandler(new CommandRun())
                        .execute(arguments);
        // a stream that prints keeps its failures to itself
        if (System.out.checkError()) {
            System.err.println(
                    "Standard output cannot be written to: is its disk full, or its reader gone?");
            return Math.max(code, ExitCode.SOFTWARE);
        }
        return code;
    }

    /**
     * Reads the settings, sets up the log as they say, and logs what is doubtful about them.
     *
     * @throws InvalidSettingsException when they are wrong
     */
    static Settings readSettingsAndSetUpLog() throws InvalidSettingsException {
        SettingsSource source = SettingsSource.ofProcess();
        if (source.wantsJsonLog()) {
            LogSetup.writeJson();
        }
        Settings settings = Settings.load(source);
        LogSetup.apply(settings.logLevel());
        settings.warnings().forEach(LOG::warn);
        return settings;
    }

    /**
     * Returns what to throw where a command refuses its arguments or settings: the reason is
     * printed.
     */
    static InvalidSettingsException refusal(String reason, Object... values) {
        return new InvalidSettingsException(List.of(reason.formatted(values)));
    }

    /** Says why a command failed, and returns the exit code. */
    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        if (failure instanceof InvalidSettingsException invalid) {
            // a program that reads JSON wants no other line
            invalid.problems().forEach(LogSetup.isJson() ? LOG::error : System.err::println);
            return ExitCode.USAGE;
        } else if (failure instanceof StartException) {
            LOG.debug("The agent cannot start", failure);
            LOG.error(failure.getMessage());
        } else if (failure instanceof KafkaException) {
            LOG.debug("Kafka failed", failure);
            LOG.error(FailureReason.of(failure).sentence());
        } else if (!(failure instanceof CancellationException)) {
            throw failure;
        }
        return ExitCode.SOFTWARE;
    }
}
