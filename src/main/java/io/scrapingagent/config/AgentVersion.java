package io.scrapingagent.config;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar's manifest has it. */
public final class AgentVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = manifestVersion();
        return new String[] {
            "confluent-scraping-agent " + (version == null ? "(not from its jar)" : version),
            // "sharing" where Java uses a cache: in the image, that of its training run
            "Java " + Runtime.version() + ", " + System.getProperty("java.vm.info")
        };
    }

    /** Returns the version alone, {@code unknown} where the agent does not run from its jar. */
    public static String version() {
        String version = manifestVersion();
        return version == null ? "unknown" : version;
    }

    private static String manifestVersion() {
        return AgentVersion.class.getPackage().getImplementationVersion();
    }
}
