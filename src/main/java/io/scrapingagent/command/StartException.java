package io.scrapingagent.command;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The agent could not be started. The message is a sentence for an operator. */
public final class StartException extends Exception {

    private final String reason;

    /**
     * Creates the exception.
     *
     * @param reason why, and what to do
     * @param cause what failed, or null
     */
    public StartException(String reason, Throwable cause) {
        super("The agent cannot start: " + reason, cause);
        this.reason = reason;
    }

    /** Returns the message without its introduction: where and why. */
    public String reason() {
        return reason;
    }

    /** Says why a context did not start and, where a route file is to blame, in which line. */
    public static StartException of(Throwable failure, CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        String place = "";
        // the innermost place counts: a step fails because of the Kamelet that it uses, and the
        // Kamelet because of a step of its own
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            place = placeOf(cause, model).map(it -> it + ": ").orElse(place);
        }
        return new StartException(place + messageOf(failure), failure);
    }

    private static Optional<String> placeOf(Throwable failure, Model model) {
        if (failure instanceof MarkedYamlEngineException yaml) {
            return yaml.getProblemMark().map(StartException::place);
        } else if (failure instanceof FailedToCreateRouteException creation) {
            return doubled(model, failure).or(() -> step(model, creation.getRouteId(), failure));
        } else if (failure instanceof FailedToStartRouteException start) {
            return doubled(model, failure).or(() -> step(model, start.getRouteId(), failure));
        }
        return Optional.empty();
    }

    /**
     * Returns the places of all routes and steps that share an id. Camel's message has the id and
     * no place; the exception names one of the routes at most.
     */
    private static Optional<String> doubled(Model model, Throwable failure) {
        String places =
                model.getRouteDefinitions().stream()
                        .flatMap(it -> Stream.concat(Stream.of(it, it.getInput()), steps(it)))
                        // a route without `from` has no input
                        .filter(Objects::nonNull)
                        .filter(it -> failure.getMessage().contains(": " + it.getId() + ". Please"))
                        .flatMap(StartException::place)
                        .collect(Collectors.joining(" and "));
        return Optional.of(places).filter(it -> !it.isEmpty());
    }

    /** A step that cannot be made: Camel names it by its definition's text alone. */
    private static Optional<String> step(Model model, String routeId, Throwable failure) {
        RouteDefinition route = model.getRouteDefinition(routeId);
        if (route == null) {
            return Optional.empty();
        }
        Stream<OptionalIdentifiedDefinition<?>> named =
                steps(route).filter(it -> failure.getMessage().contains(">>> " + it + " <<<"));
        return Stream.concat(named, Stream.of(route.getInput(), route))
                .flatMap(StartException::place)
                .findFirst();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Stream<OptionalIdentifiedDefinition<?>> steps(RouteDefinition route) {
        return (Stream)
                ProcessorDefinitionHelper.filterTypeInOutputs(
                        route.getOutputs(), ProcessorDefinition.class)
                        .stream();
    }

    private static String place(Mark mark) {
        return mark.getName() + ", line " + (mark.getLine() + 1);
    }

    /**
     * Returns the file and line of a definition; nothing if it came from no file. For what stands
     * on a file's first line Camel says 0.
     */
    private static Stream<String> place(LineNumberAware definition) {
        return definition == null || definition.getLocation() == null
                ? Stream.empty()
                : Stream.of(
                        definition.getLocation()
                                + ", line "
                                + Math.max(1, definition.getLineNumber()));
    }

    private static String messageOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // the message of these quotes the file over several lines
        String message =
                cause instanceof MarkedYamlEngineException yaml
                        ? yaml.getProblem()
                        : cause.getMessage() == null || !cause.getMessage().contains(" ")
                                // such as a class that is missing: its name alone
                                ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
                                : cause.getMessage();
        String line = message.replaceAll("\\s+", " ").strip();
        return line.contains("Duplicate route ids")
                ? line + " A file takes the place of a packaged one only by the same name"
                : line;
    }
}
