package io.scrapingagent;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar's manifest has it. */
final class AgentVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return new String[] {
            "confluent-scraping-agent " + (version == null ? "(not from its jar)" : version)
        };
    }
}
