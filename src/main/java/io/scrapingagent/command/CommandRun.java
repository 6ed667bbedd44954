package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.scrape.FailureReason;
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

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /**
     * Reads the settings and sets up the log as they want it.
     *
     * @throws InvalidSettingsException when they are wrong; what is wrong is printed, one line each
     */
    static Settings settings() throws InvalidSettingsException {
        boolean json = false;
        try {
            SettingsSource source = SettingsSource.ofProcess();
            json = source.wantsJsonLog();
            if (json) {
                LogSetup.writeJson();
            }
            Settings settings = Settings.load(source);
            LogSetup.apply(settings.logLevel());
            settings.warnings().forEach(LOG::warn);
            return settings;
        } catch (InvalidSettingsException e) {
            // a program that reads JSON wants no other line
            e.problems().forEach(json ? LOG::error : System.err::println);
            throw e;
        }
    }

    /** Says why a command failed, unless that is said already, and returns the exit code. */
    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        if (failure instanceof InvalidSettingsException) {
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
