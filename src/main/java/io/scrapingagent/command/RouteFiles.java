package io.scrapingagent.command;

import io.scrapingagent.config.AgentProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
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
public record RouteFiles(Map<String, File> files) {

    /**
     * A file of routes or of a Kamelet.
     *
     * @param location where it was read, as Camel says it: {@code file:/…}
     * @param text what it said
     */
    public record File(String location, String text) {

        /** Camel would say of a Kamelet without a template that there is none, and not which. */
        private Resource resource() {
            if (isKamelet()
                    && content() instanceof Map<?, ?> kamelet
                    && !(kamelet.get("spec") instanceof Map<?, ?> spec
                            && spec.get("template") instanceof Map<?, ?>)) {
                throw new IllegalArgumentException(
                        location + ": a Kamelet has its steps in spec.template, this one has none");
            }
            return ResourceHelper.fromString(location, text);
        }

        private boolean isKamelet() {
            return location.endsWith(".kamelet.yaml");
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

    /** Returns the packaged files: Kamelets and then routes, as the properties name them. */
    static RouteFiles packaged() {
        Map<String, File> files = new LinkedHashMap<>();
        String locations = AgentProperties.defaults().get("camel.main.routesIncludePattern");
        for (String location : locations.split(",")) {
            String path = location.substring(location.indexOf(':') + 1);
            try (InputStream in = RouteFiles.class.getResourceAsStream("/" + path)) {
                add(files, location, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new RouteFiles(files);
    }

    /**
     * Returns what a directory of one's own, {@code AGENT_ROUTES_DIR}, has now, and the packaged
     * files of which it has none of the same name.
     *
     * @throws UncheckedIOException when a file cannot be read
     */
    public static RouteFiles of(Path directory) {
        Map<String, File> files = new LinkedHashMap<>(packaged().files);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> own = Files.list(directory)) {
                List<Path> found =
                        own.filter(RouteFiles::isRouteFile)
                                .filter(Files::isRegularFile)
                                .sorted()
                                .toList();
                for (Path file : found) {
                    add(files, "file:" + file, Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new RouteFiles(files);
    }

    /** Tells by its name whether Camel is to load a file. */
    static boolean isRouteFile(Path file) {
        return file.getFileName().toString().matches(".+\\.(camel|kamelet)\\.yaml");
    }

    private static void add(Map<String, File> files, String location, byte[] text) {
        String name = location.substring(location.lastIndexOf('/') + 1);
        files.put(name, new File(location, new String(text, StandardCharsets.UTF_8)));
    }

    /**
     * Creates the routes and, where the context does so by itself, starts them.
     *
     * @throws Exception when one cannot be created or started
     */
    public void load(CamelContext context) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(resources());
    }

    /**
     * Returns the files as Camel loads them: Kamelets before what uses them, and packaged files
     * first, because of two routes with the same id Camel's error shows the second.
     */
    public List<Resource> resources() {
        return Stream.concat(
                        files.values().stream().filter(File::isKamelet),
                        files.values().stream().filter(it -> !it.isKamelet()))
                .map(File::resource)
                .toList();
    }

    /**
     * Says what is another in this set than in one before, a clause for each file; nothing where
     * only comments differ. Both have to be YAML.
     */
    List<String> changesSince(RouteFiles before) {
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
                String verb =
                        !was.containsKey(part)
                                ? "added"
                                : is.containsKey(part) ? "replaced" : "removed";
                if (!Objects.equals(was.get(part), is.get(part))) {
                    verbs.computeIfAbsent(verb, it -> new ArrayList<>()).add(part);
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
