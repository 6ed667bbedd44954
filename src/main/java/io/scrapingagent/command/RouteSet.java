package io.scrapingagent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.main.RoutesCollector;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Route files and Kamelets as they were at one moment, whatever happens to them on disk since.
 *
 * @param files the files by name, of which there is one each
 */
public record RouteSet(Map<String, File> files) {

    /**
     * A file of routes or of a Kamelet.
     *
     * @param location where it was read, as Camel says it: {@code file:/…}
     * @param text what it said
     */
    public record File(String location, String text) {

        /** Camel would say of a Kamelet without a template that there is none, and not which. */
        private Resource resource() {
            if (location.endsWith(".kamelet.yaml")
                    && content() instanceof Map<?, ?> kamelet
                    && !(kamelet.get("spec") instanceof Map<?, ?> spec
                            && spec.get("template") instanceof Map<?, ?>)) {
                throw new IllegalArgumentException(
                        location + ": a Kamelet has its steps in spec.template, this one has none");
            }
            return ResourceHelper.fromString(location, text);
        }

        /** Returns the routes, configurations and Kamelets in the file, by a name for people. */
        private Map<String, Object> parts() {
            Object content = content();
            Map<String, Object> parts = new LinkedHashMap<>();
            for (Object part : content instanceof List<?> list ? list : List.of(content)) {
                String name = name(part);
                for (int i = 2; parts.containsKey(name); i++) {
                    name = name(part) + " (" + i + ")";
                }
                parts.put(name, part);
            }
            return parts;
        }

        private Object content() {
            LoadSettings settings = LoadSettings.builder().setLabel(location).build();
            return new Load(settings).loadFromString(text);
        }

        private static String name(Object part) {
            if (!(part instanceof Map<?, ?> map) || map.isEmpty()) {
                return String.valueOf(part);
            }
            if (map.get("metadata") instanceof Map<?, ?> metadata) {
                return String.valueOf(metadata.get("name"));
            }
            Map.Entry<?, ?> first = map.entrySet().iterator().next();
            Object id = first.getValue() instanceof Map<?, ?> value ? value.get("id") : null;
            return id == null ? "a " + first.getKey() + " without id" : id.toString();
        }
    }

    /** Reads files; of those with the same name the last counts. */
    static RouteSet of(Collection<Resource> resources) {
        Map<String, File> files = new LinkedHashMap<>();
        for (Resource resource : resources) {
            String location = resource.getLocation();
            String name = location.substring(location.lastIndexOf('/') + 1);
            try (InputStream in = resource.getInputStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                files.put(name, new File(location, text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new RouteSet(files);
    }

    /**
     * Creates the routes and, where the context does so by itself, starts them.
     *
     * @throws Exception when one cannot be created or started
     */
    public void load(CamelContext context) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(resources());
    }

    /** Returns what gives these files to Camel at its start, and no others. */
    public RoutesCollector collector() {
        return new DefaultRoutesCollector() {
            @Override
            public Collection<Resource> findRouteResourcesFromDirectory(
                    CamelContext context, String excludePattern, String includePattern) {
                return resources();
            }
        };
    }

    /** Returns the files as Camel loads them. */
    List<Resource> resources() {
        return files.values().stream().map(File::resource).toList();
    }

    /**
     * Says what is another in this set than in one before, a clause for each file; nothing where
     * only comments differ. Both have to be YAML.
     */
    List<String> changesSince(RouteSet before) {
        TreeSet<String> names = new TreeSet<>(files.keySet());
        names.addAll(before.files.keySet());
        List<String> changes = new ArrayList<>();
        for (String name : names) {
            Map<String, Object> was = before.parts(name);
            Map<String, Object> is = parts(name);
            Map<String, List<String>> verbs = new TreeMap<>();
            TreeSet<String> parts = new TreeSet<>(was.keySet());
            parts.addAll(is.keySet());
            for (String part : parts) {
                if (!was.containsKey(part)) {
                    verbs.computeIfAbsent("added", it -> new ArrayList<>()).add(part);
                } else if (!is.containsKey(part)) {
                    verbs.computeIfAbsent("removed", it -> new ArrayList<>()).add(part);
                } else if (!was.get(part).equals(is.get(part))) {
                    verbs.computeIfAbsent("replaced", it -> new ArrayList<>()).add(part);
                }
            }
            if (!verbs.isEmpty()) {
                List<String> clauses = new ArrayList<>();
                verbs.forEach((verb, those) -> clauses.add(verb + " " + String.join(", ", those)));
                changes.add(name + ": " + String.join(", ", clauses));
            }
        }
        return changes;
    }

    private Map<String, Object> parts(String name) {
        File file = files.get(name);
        return file == null ? Map.of() : file.parts();
    }
}
