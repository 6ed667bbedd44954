package io.scrapingagent.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fat jar, running as a process of its own with nothing but the environment that it is given.
 *
 * <p>{@code -Dagent.jar=…} names the jar, {@code -Dagent.java=…} the java that runs it; without it
 * that is the one that runs the tests.
 */
public final class AgentProcess extends JavaProcess {

    /** What the second compiler makes comes too late for a short run. */
    private static final List<String> QUICK =
            List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private AgentProcess(ProcessBuilder builder, Map<String, String> environment) {
        super(builder, environment, null, line -> {});
    }

    /** The jar that is run. */
    public static Path jar() {
        return Path.of(System.getProperty("agent.jar", "target/confluent-scraping-agent.jar"))
                .toAbsolutePath();
    }

    /** The command that runs the jar with these arguments. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(QUICK);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Starts the jar.
     *
     * @param directory its working directory
     * @param environment its whole environment
     * @param command what runs the jar in one way or another
     */
    public static AgentProcess run(
            Path directory, Map<String, String> environment, List<String> command) {
        return new AgentProcess(
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))),
                environment);
    }

    /** The lines that belong to a stack trace. */
    public List<String> stackTraces() {
        return output().stream()
                .filter(line -> line.matches("(\\s+at |Caused by: |[\\w.]+(Exception|Error)\\b).*"))
                .toList();
    }

    /** The java that runs the jar. */
    public static String java() {
        return System.getProperty(
                "agent.java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
