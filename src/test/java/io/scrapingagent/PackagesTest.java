package io.scrapingagent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the packages, as {@code docs/architecture.md} draws it. */
class PackagesTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.scrapingagent");

    @ParameterizedTest
    @CsvSource({
        "config, api ledger scrape status check command",
        "api, ledger scrape status check command",
        "ledger, scrape status check command",
        "scrape, status check command",
        "status, check command",
        "check, status command"
    })
    void eachPackageUsesOnlyThoseBelowIt(String name, String others) {
        noClasses()
                .that()
                .resideInAPackage("..scrapingagent." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.of(others.split(" "))
                                .map("..scrapingagent."::concat)
                                .toArray(String[]::new))
                .check(classes);
    }

    @Test
    void thereAreNoOthers() {
        assertThat(classes.getPackage("io.scrapingagent").getSubpackages())
                .extracting(JavaPackage::getRelativeName)
                .containsExactlyInAnyOrder(
                        "command", "check", "status", "scrape", "ledger", "api", "config");
    }
}
