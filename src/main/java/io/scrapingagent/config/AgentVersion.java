package io.scrapingagent.config;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the agent's version, from the jar's manifest, and Java's. */
public final class AgentVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = manifestVersion();
        return new String[] {
            "confluent-scraping-agent " + (version == null ? "(not from its jar)" : version),
            // java.vm.info has the word "sharing" if Java starts from a cache, as in the image
            "Java " + Runtime.version() + ", " + System.getProperty("java.vm.info")
        };
    }

    /** Returns the agent's version alone; {@code unknown} if it does not run from its jar. */
    public static String version() {
        String version = manifestVersion();
        return version == null ? "unknown" : version;
    }

    private static String manifestVersion() {
        return AgentVersion.class.getPackage().getImplementationVersion();
    }
}
