package io.scrapingagent;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.spi.Resource;

/**
 * Which route files run when there is a directory of one's own, {@code AGENT_ROUTES_DIR}: those in
 * it, and the packaged ones of which it has none of the same name. Kamelets are looked for there
 * first, too.
 */
final class RouteFiles extends DefaultRoutesCollector {

    private static final String FILES = "/*.camel.yaml";

    /** Returns Camel's properties for a directory of route files. */
    static Map<String, String> properties(Path directory) {
        return Map.of(
                "camel.main.routesIncludePattern",
                // of two routes with the same id Camel's error shows the second: the user's
                "classpath:routes" + FILES + ",file:" + directory + FILES,
                "camel.component.kamelet.location",
                "file:" + directory + ",classpath:kamelets");
    }

    @Override
    public Collection<Resource> findRouteResourcesFromDirectory(
            CamelContext context, String excludePattern, String includePattern) {
        Map<String, Resource> lastOfName = new LinkedHashMap<>();
        super.findRouteResourcesFromDirectory(context, excludePattern, includePattern)
                .forEach(file -> lastOfName.put(name(file), file));
        return lastOfName.values();
    }

    private static String name(Resource file) {
        return file.getLocation().substring(file.getLocation().lastIndexOf('/') + 1);
    }
}
