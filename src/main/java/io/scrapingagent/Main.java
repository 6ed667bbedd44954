package io.scrapingagent;

import io.scrapingagent.command.AgentCommand;
import io.scrapingagent.command.CommandRun;
import picocli.CommandLine;

/** The command line. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // of the management server; from Java 24 on the JVM prints a warning of its own at each
        // start
        System.getProperties().putIfAbsent("io.netty.noUnsafe", "true");
        System.exit(
                new CommandLine(new AgentCommand())
                        .setExecutionExceptionHandler(new CommandRun())
                        .execute(arguments));
    }
}
