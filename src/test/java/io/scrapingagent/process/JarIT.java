package io.scrapingagent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in the fat jar, and what must not be. */
class JarIT {

    private static final String SERVICES = "META-INF/services/org/apache/camel/";

    @AutoClose private JarFile jar;

    @BeforeEach
    void open() throws IOException {
        jar = new JarFile(AgentProcess.jar().toFile());
    }

    @Test
    void hasNoTestsNoDemoNoBrokerAndNoSimulator() {
        assertThat(names())
                .noneMatch(name -> name.matches("(kafka|scala)/.*class"))
                .noneMatch(name -> name.matches("org/apache/kafka/(controller|raft|storage)/.*"))
                .noneMatch(name -> name.matches("org/(junit|assertj|awaitility|bouncycastle)/.*"))
                .noneMatch(name -> name.matches("org/(testcontainers|apache/camel/test)/.*"))
                .noneMatch(name -> name.matches("io/scrapingagent/.*(Test|IT|Fixture)\\.class"))
                .noneMatch(
                        name ->
                                name.matches(
                                        "io/scrapingagent/(simulator|demo|bench|kafka|process)/.*"));
    }

    /** Camel would read it in any application that has the jar on its class path. */
    @Test
    void doesNotConfigureTheApplicationItIsAPartOf() {
        assertThat(names()).doesNotContain("application.properties");
    }

    /** Camel K's build from Git fails with more than one, and runs the one that there is. */
    @Test
    void isTheOnlyJarInItsDirectory() throws IOException {
        try (Stream<Path> files = Files.list(AgentProcess.jar().getParent())) {
            assertThat(files.filter(file -> file.toString().endsWith("jar")))
                    .containsExactly(AgentProcess.jar());
        }
    }

    /** Each Camel module has a file of this name: a jar that was not merged has one of them. */
    @Test
    void hasTheTypeConvertersOfAllCamelModules() throws IOException {
        assertThat(lines(SERVICES + "TypeConverterLoader"))
                .anyMatch(line -> line.startsWith("org.apache.camel.converter."))
                .anyMatch(line -> line.startsWith("org.apache.camel.component.http."))
                .anyMatch(line -> line.startsWith("org.apache.camel.component.jackson."));
    }

    @Test
    void hasTheComponentsThatTheDocumentNames() throws IOException {
        String components =
                Files.readString(Path.of("docs/routes.md"))
                        .lines()
                        .dropWhile(line -> !line.startsWith("- These components are in the jar"))
                        .takeWhile(line -> !line.startsWith("- Failures"))
                        .collect(Collectors.joining());

        assertThat(names().stream().filter(name -> name.startsWith(SERVICES + "component/")))
                .map(name -> name.substring((SERVICES + "component/").length()))
                .filteredOn(name -> !name.isEmpty())
                .isNotEmpty()
                .allMatch(name -> components.contains("`" + name + "`"));
    }

    private List<String> names() {
        return jar.stream().map(JarEntry::getName).toList();
    }

    private List<String> lines(String name) throws IOException {
        return new String(
                        jar.getInputStream(jar.getJarEntry(name)).readAllBytes(),
                        StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
