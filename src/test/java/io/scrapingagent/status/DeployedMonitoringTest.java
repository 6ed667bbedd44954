package io.scrapingagent.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scrapingagent.routes.ScrapeFixture;
import io.scrapingagent.simulator.MetricsApiSimulator;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard and the alert rules fit the agent, its documentation and Prometheus. */
class DeployedMonitoringTest {

    /** A metric's name, as against a function's or a label's. */
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+(_[a-z]+){2,}+(?!\\()");

    private static final Path DASHBOARD = Path.of("deploy/grafana/confluent-scraping-agent.json");
    private static final Path ALERTS = Path.of("deploy/prometheus/alerts.yml");

    @Test
    void everyMetricThatTheyNameIsInAScrapeOfTheAgent() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String expression : expressions()) {
            NAME.matcher(expression).results().forEach(it -> named.add(it.group()));
        }
        assertThat(named).hasSizeGreaterThan(15).contains("confluent_scraping_agent_hours_behind");
        try (ScrapeFixture fixture =
                new ScrapeFixture(MetricsApiSimulator.of("lkc-aaa", 3, 3), "auto").scheduled()) {
            fixture.scrape();

            Set<String> present =
                    fixture.management().metrics().keySet().stream()
                            .map(series -> series.replaceFirst("\\{.*", ""))
                            .collect(Collectors.toSet());

            named.removeAll(present);
            assertThat(named).as("named, but not in a scrape of the agent").isEmpty();
        }
    }

    @Test
    void eachPanelHasADescriptionAndAPlaceOfItsOwn() throws Exception {
        Set<Integer> ids = new HashSet<>();
        List<String> rows = new ArrayList<>();
        boolean[][] taken = new boolean[200][24];
        for (JsonNode panel : dashboard().get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).as("%s", panel.get("id")).isTrue();
            JsonNode place = panel.get("gridPos");
            for (int y = 0; y < place.get("h").asInt(); y++) {
                for (int x = 0; x < place.get("w").asInt(); x++) {
                    int row = place.get("y").asInt() + y;
                    int column = place.get("x").asInt() + x;
                    assertThat(taken[row][column]).as("%s", panel.get("title")).isFalse();
                    taken[row][column] = true;
                }
            }
            if (panel.get("type").asText().equals("row")) {
                rows.add(panel.get("title").asText());
            } else {
                assertThat(panel.get("description").asText()).isNotBlank();
                assertThat(panel.get("datasource").get("uid").asText()).isEqualTo("${datasource}");
            }
        }
        assertThat(rows)
                .containsExactly("Is it complete?", "Is it healthy?", "What is being collected?");
        assertThat(dashboard().at("/templating/list").findValuesAsText("name"))
                .containsExactly("datasource", "cluster");
    }

    @Test
    void eachAlertHasARunbook() throws Exception {
        List<String> headings =
                Files.readAllLines(Path.of("docs/operations.md")).stream()
                        .filter(line -> line.startsWith("#"))
                        .map(line -> line.replaceFirst("#+ ", ""))
                        .toList();
        for (JsonNode rule : rules()) {
            String alert = rule.get("alert").asText();
            assertThat(headings).contains(alert);
            assertThat(rule.at("/annotations/runbook_url").asText())
                    .isEqualTo("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check rules deploy/prometheus/alerts.yml",
                "test rules deploy/prometheus/alerts_test.yml",
                "check config deploy/prometheus/prometheus.yml"
            })
    void prometheusOwnToolFindsNothingWrong(String arguments) throws Exception {
        Path promtool =
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, "promtool"))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);
        assumeThat(promtool).as("promtool, part of Debian's package prometheus").isNotNull();
        List<String> command = new ArrayList<>(List.of(promtool.toString()));
        command.addAll(List.of(arguments.split(" ")));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("SUCCESS");
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        rules().forEach(rule -> expressions.add(rule.get("expr").asText()));
        dashboard().findValuesAsText("expr").forEach(expressions::add);
        dashboard()
                .at("/templating/list")
                .findValuesAsText("definition")
                .forEach(it -> expressions.add(it.replaceFirst("label_values\\((.*),.*", "$1")));
        return expressions;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        new ObjectMapper(new YAMLFactory())
                .readTree(ALERTS.toFile())
                .findValues("rules")
                .forEach(group -> group.forEach(rules::add));
        return rules;
    }
}
