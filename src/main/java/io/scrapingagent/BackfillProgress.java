package io.scrapingagent;

import io.scrapingagent.scrape.Backfill;
import java.io.PrintStream;

/** Shows how far a backfill has come: one line that grows on a terminal, else a line per window. */
final class BackfillProgress implements Backfill.Progress {

    private final PrintStream out;
    private final boolean terminal = System.console() != null;

    BackfillProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void published(String cluster, String metric, int published, int hours) {
        String line = "%s %s: %d of %d hours".formatted(cluster, metric, published, hours);
        if (!terminal) {
            out.println(line);
        } else if (published < hours) {
            out.print("\r" + line);
            out.flush();
        } else {
            out.println("\r" + line);
        }
    }
}
