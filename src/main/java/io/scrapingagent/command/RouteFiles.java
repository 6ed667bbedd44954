package io.scrapingagent.command;

import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Route files and Kamelets as they were at one moment, whatever happens to them on disk since.
 *
 * @param files the files by name, one for each name
 */
public record RouteFiles(Map<String, File> files) {

    /**
     * A file of routes or of a Kamelet.
     *
     * @param location where it was read, as Camel says it: {@code file:/…}
     * @param text what it said
     */
    public record File(String location, String text) {

        /**
         * Refuses also what Camel would accept without a word. Camel loads nothing from a file that
         * is neither a list nor a Kamelet. Of a key that is there twice, it takes only the last.
         *
         * @throws YamlEngineException when it is no YAML, or has a key twice
         * @throws IllegalArgumentException when it is no text, is neither a list nor a Kamelet, or
         *     lacks quotes around {@code {{…}}}
         */
        private void requireRoutes() {
            LoadSettings settings = LoadSettings.builder().setLabel(location).build();
            Object root;
            try {
                root = new Load(settings).loadFromString(text);
            } catch (MarkedYamlEngineException e) {
                throw e;
            } catch (ReaderException e) {
                throw new IllegalArgumentException(location + ": save it as UTF-8 text");
            } catch (YamlEngineException e) {
                // {{x}} without quotes is a map whose key is a map: that is refused without a line
                throw new IllegalArgumentException(
                        location + ": " + e.getMessage() + " Put quotes around {{…}}");
            }
            boolean isKamelet = root instanceof Map<?, ?> map && map.containsKey("kind");
            if (!isKamelet && !(root instanceof List)) {
                throw new IllegalArgumentException(
                        location + ", line 1: this is no list: a route begins with `- route:`");
            }
        }
    }

    /** Returns the packaged files: Kamelets and then routes, as the properties name them. */
    static RouteFiles packaged() {
        Map<String, File> files = new LinkedHashMap<>();
        String locations = SettingsSource.defaults().get("camel.main.routesIncludePattern");
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
     * @throws StartException when a file cannot be read; the message says which
     */
    public static RouteFiles of(Path directory) throws StartException {
        Map<String, File> files = new LinkedHashMap<>(packaged().files);
        Path reading = directory;
        try (Stream<Path> own = Files.list(directory)) {
            List<Path> found =
                    own.filter(it -> it.toString().matches(Settings.ROUTE_FILE))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            for (Path file : found) {
                reading = file;
                add(files, "file:" + file, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            String said =
                    e instanceof NoSuchFileException
                            ? reading + " is not there: put it back"
                            : "%s cannot be read (%s): let the agent read it"
                                    .formatted(reading, e.getClass().getSimpleName());
            throw new StartException(said, e);
        }
        return new RouteFiles(files);
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
        files.values().forEach(File::requireRoutes);
        PluginHelper.getRoutesLoader(context).loadRoutes(resources());
    }

    /**
     * Returns the files in the order in which Camel loads them. Kamelets come before the routes
     * that use them. A file that replaces a packaged one is loaded in its place. An added route
     * file is loaded last of all, an added Kamelet last of the Kamelets. So if an added route has
     * the id of another, Camel's error names the added one: the second that is loaded.
     */
    public List<Resource> resources() {
        return files.values().stream()
                .sorted(Comparator.comparing(it -> !it.location.endsWith(".kamelet.yaml")))
                .map(it -> ResourceHelper.fromString(it.location, it.text))
                .toList();
    }

    /** Returns the names of the files that were added, replaced or removed since. */
    List<String> changedSince(RouteFiles before) {
        return Stream.concat(files.keySet().stream(), before.files.keySet().stream())
                .filter(name -> !Objects.equals(files.get(name), before.files.get(name)))
                .distinct()
                .sorted()
                .toList();
    }
}
