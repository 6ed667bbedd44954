package io.scrapingagent.command;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Which line of which route file made a start fail, as far as Camel knows. */
final class RoutePlace {

    private RoutePlace() {}

    static Optional<String> of(Throwable failure, CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        String place = null;
        // the innermost: a step fails because of the Kamelet that it uses, that because of its step
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            place = ofOne(cause, model).orElse(place);
        }
        return Optional.ofNullable(place);
    }

    private static Optional<String> ofOne(Throwable failure, Model model) {
        if (failure instanceof MarkedYamlEngineException yaml) {
            return yaml.getProblemMark().map(RoutePlace::place);
        } else if (failure instanceof FailedToCreateRouteException route) {
            return route.getRouteId() == null
                    ? doubled(model, route)
                    : step(model.getRouteDefinition(route.getRouteId()), route);
        } else if (failure instanceof FailedToStartRouteException route) {
            return step(model.getRouteDefinition(route.getRouteId()), route);
        }
        return Optional.empty();
    }

    /** Routes of the same id: Camel names the id alone. */
    private static Optional<String> doubled(Model model, FailedToCreateRouteException failure) {
        String places =
                model.getRouteDefinitions().stream()
                        .filter(it -> failure.getMessage().contains(": " + it.getRouteId() + "."))
                        .flatMap(RoutePlace::place)
                        .collect(Collectors.joining(" and "));
        return Optional.of(places).filter(it -> !it.isEmpty());
    }

    /** A step that cannot be made: Camel names it by its definition's text alone. */
    private static Optional<String> step(RouteDefinition route, Exception failure) {
        if (route == null) {
            return Optional.empty();
        }
        Stream<LineNumberAware> steps =
                ProcessorDefinitionHelper.filterTypeInOutputs(
                                route.getOutputs(), ProcessorDefinition.class)
                        .stream()
                        .filter(it -> failure.getMessage().contains(">>> " + it + " <<<"))
                        .map(LineNumberAware.class::cast);
        return Stream.concat(steps, Stream.of(route.getInput(), route))
                .flatMap(RoutePlace::place)
                .findFirst();
    }

    private static String place(Mark mark) {
        return mark.getName() + ", line " + (mark.getLine() + 1);
    }

    /** Camel counts from 0 what stands on one line with its beginning. */
    private static Stream<String> place(LineNumberAware definition) {
        return definition == null || definition.getLocation() == null
                ? Stream.empty()
                : Stream.of(
                        definition.getLocation()
                                + ", line "
                                + Math.max(1, definition.getLineNumber()));
    }
}
