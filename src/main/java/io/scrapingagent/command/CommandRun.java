package io.scrapingagent.command;

import io.scrapingagent.Agent;
import io.scrapingagent.config.AgentProperties;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.LogFormat;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import io.scrapingagent.scrape.FailureReason;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/** What a command does with valid settings; what is wrong with them is printed, one line each. */
interface CommandRun {

    /** Returns the exit code. */
    int with(Settings settings) throws StartException;

    /** Reads the settings and runs a command with them; returns the exit code. */
    static int run(CommandRun command) {
        Logger log = LoggerFactory.getLogger(Agent.class);
        Settings settings;
        LogFormat format = LogFormat.TEXT;
        try {
            SettingsSource source = source();
            format = LogFormat.of(source);
            LogSetup.apply(format);
            settings = Settings.load(source);
        } catch (InvalidSettingsException e) {
            // a program that reads JSON wants no other line
            e.problems().forEach(format == LogFormat.JSON ? log::error : System.err::println);
            return ExitCode.USAGE;
        }
        LogSetup.apply(settings.logLevel());
        settings.warnings().forEach(log::warn);
        try {
            return command.with(settings);
        } catch (StartException e) {
            log.debug("The agent cannot start", e);
            log.error(e.getMessage());
            return ExitCode.SOFTWARE;
        } catch (CancellationException e) {
            // the agent has said it
            return ExitCode.SOFTWARE;
        } catch (KafkaException e) {
            log.debug("Kafka failed", e);
            log.error(FailureReason.of(e).sentence());
            return ExitCode.SOFTWARE;
        }
    }

    /** Returns where the settings of this process come from. */
    static SettingsSource source() throws InvalidSettingsException {
        Properties system = System.getProperties();
        Map<String, String> systemProperties =
                system.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, system::getProperty));
        return SettingsSource.of(systemProperties, System.getenv(), AgentProperties.layers());
    }
}
