package io.scrapingagent.command;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.spi.Resource;

/**
 * Finds the route files and Kamelets when there is a directory of one's own, {@code
 * AGENT_ROUTES_DIR}: those in it, and the packaged ones of which it has none of the same name. It
 * keeps what it found, so that a reload starts from what really runs.
 */
public final class RouteFiles extends DefaultRoutesCollector {

    private static final String ROUTES = "/*.camel.yaml";
    private static final String KAMELETS = "/*.kamelet.yaml";

    private RouteSet found;

    /** Returns Camel's properties for a directory of route files. */
    public static Map<String, String> properties(Path directory) {
        return Map.of(
                "camel.main.routesIncludePattern",
                // of two routes with the same id Camel's error shows the second: the user's
                Stream.of("classpath:kamelets" + KAMELETS, "classpath:routes" + ROUTES)
                        .map(packaged -> packaged + "," + own(directory, packaged))
                        .collect(Collectors.joining(",")),
                "camel.component.kamelet.location",
                "file:" + directory + ",classpath:kamelets");
    }

    private static String own(Path directory, String packaged) {
        return "file:" + directory + packaged.substring(packaged.indexOf('/'));
    }

    /** Returns the packaged route files and Kamelets. */
    public static RouteSet packaged(CamelContext context) {
        return new RouteFiles()
                .read(
                        context,
                        null,
                        "classpath:kamelets" + KAMELETS + ",classpath:routes" + ROUTES);
    }

    /** Returns what there is to run now with a directory of route files. */
    static RouteSet now(CamelContext context, Path directory) {
        return new RouteFiles()
                .read(context, null, properties(directory).get("camel.main.routesIncludePattern"));
    }

    /** Returns what was found when the routes were last collected. */
    public RouteSet found() {
        return found;
    }

    @Override
    public Collection<Resource> findRouteResourcesFromDirectory(
            CamelContext context, String excludePattern, String includePattern) {
        found = read(context, excludePattern, includePattern);
        return found.resources();
    }

    private RouteSet read(CamelContext context, String excludePattern, String includePattern) {
        return RouteSet.of(
                super.findRouteResourcesFromDirectory(context, excludePattern, includePattern));
    }
}
