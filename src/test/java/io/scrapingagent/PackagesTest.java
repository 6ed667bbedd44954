package io.scrapingagent;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The order of the packages, as {@code docs/architecture.md} draws it. */
class PackagesTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.scrapingagent");

    @Test
    void eachPackageUsesOnlyThoseBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("command")
                .definedBy("..command")
                .layer("check")
                .definedBy("..check")
                .layer("status")
                .definedBy("..status")
                .layer("scrape")
                .definedBy("..scrape")
                .layer("ledger")
                .definedBy("..ledger")
                .layer("api")
                .definedBy("..api")
                .layer("config")
                .definedBy("..config")
                .whereLayer("command")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("status")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("scrape")
                .mayOnlyBeAccessedByLayers("command", "check", "status")
                .whereLayer("ledger")
                .mayOnlyBeAccessedByLayers("command", "check", "status", "scrape")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("command", "check", "status", "scrape", "ledger")
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
