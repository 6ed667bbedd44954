package io.scrapingagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsDocumentTest {

    @Test
    void eachSettingIsDocumentedWithItsDefault() throws Exception {
        String document = Files.readString(Path.of("docs", "settings.md"));

        assertThat(SettingsSource.defaults().entrySet())
                .filteredOn(it -> !it.getKey().startsWith("camel."))
                .isNotEmpty()
                .allSatisfy(
                        it ->
                                assertThat(document)
                                        .containsAnyOf(
                                                row(it.getKey(), it.getValue()),
                                                row(
                                                        SettingsSource.variable(it.getKey()),
                                                        it.getValue()),
                                                inText(
                                                        SettingsSource.variable(it.getKey()),
                                                        it.getValue())));
    }

    private static String row(String name, String value) {
        return "| `%s` | `%s` |".formatted(name, value);
    }

    private static String inText(String name, String value) {
        return "`%s` (`%s`)".formatted(name, value);
    }
}
