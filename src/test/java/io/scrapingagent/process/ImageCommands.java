package io.scrapingagent.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrapingagent.chaos.ClassPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of the {@code Dockerfile}, as they run outside of an image: with another java, and
 * another directory in place of the image's.
 */
public final class ImageCommands {

    private static final Path DOCKERFILE = Path.of("Dockerfile");
    private static final String AGENT = "/agent/";
    private static final String TRAINING = "/training/classes:/training/lib/*";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String dockerfile;
    private final String java;
    private final Path directory;

    private ImageCommands(String dockerfile, String java, Path directory) {
        this.dockerfile = dockerfile;
        this.java = java;
        this.directory = directory;
    }

    /**
     * Reads the commands, and copies the jar to where they look for it.
     *
     * @param java the java that runs them
     * @param jar the agent's jar
     * @param directory what is the image's {@code /agent} there
     */
    public static ImageCommands of(String java, Path jar, Path directory) throws IOException {
        Files.copy(jar, directory.resolve("confluent-scraping-agent.jar"));
        String dockerfile = Files.readString(DOCKERFILE).replace("\\\n", " ");
        return new ImageCommands(dockerfile, java, directory);
    }

    /** Returns the training run, which leaves a cache behind for the start. */
    public List<String> training() {
        return command("RUN");
    }

    /** Returns the start of the agent. */
    public List<String> start() {
        return command("ENTRYPOINT");
    }

    /** Returns the question whether the agent is alive. */
    public List<String> healthCheck() {
        return command("HEALTHCHECK .* CMD");
    }

    private List<String> command(String instruction) {
        Matcher found =
                Pattern.compile("^" + instruction + " +(\\[\"java\".*])$", Pattern.MULTILINE)
                        .matcher(dockerfile);
        if (!found.find()) {
            throw new IllegalStateException("The Dockerfile has no " + instruction + " of java");
        }
        try {
            List<String> command =
                    JSON.readValue(found.group(1), new TypeReference<List<String>>() {});
            command.replaceAll(it -> it.equals("java") ? java : it.replace(AGENT, directory + "/"));
            command.replaceAll(it -> it.equals(TRAINING) ? ClassPath.tests() : it);
            return command;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
