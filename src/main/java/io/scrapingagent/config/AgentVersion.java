package io.scrapingagent.config;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the agent's version, from the jar's manifest, and Java's. */
public final class AgentVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "confluent-scraping-agent " + version(),
            // java.vm.info has the word "sharing" if Java starts from a cache, as in the image
            "Java " + Runtime.version() + ", " + System.getProperty("java.vm.info")
        };
    }

    /** Returns the agent's version alone; {@code unknown} if it does not run from its jar. */
    public static String version() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
