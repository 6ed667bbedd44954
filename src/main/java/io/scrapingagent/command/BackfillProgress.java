package io.scrapingagent.command;

import io.scrapingagent.scrape.Backfill;
import java.io.Console;
import java.io.PrintStream;
import java.time.Instant;

/**
 * Shows how far a backfill has come: on a terminal one line, which is rewritten, else a line for
 * each hour.
 */
final class BackfillProgress implements Backfill.Progress, AutoCloseable {

    private final PrintStream out;
    private final RewrittenLine line;

    private BackfillProgress(PrintStream out, RewrittenLine line) {
        this.out = out;
        this.line = line;
    }

    /** Shows it on standard output, where others who print then begin a line of their own. */
    static BackfillProgress onStandardOutput() {
        PrintStream out = System.out;
        if (!isTerminal(System.console())) {
            return new BackfillProgress(out, null);
        }
        RewrittenLine line = new RewrittenLine(out);
        System.setOut(new PrintStream(line, true));
        return new BackfillProgress(out, line);
    }

    @Override
    public void tried(Instant hour, int tried, int hours) {
        String text = "%s: %d of %d hours".formatted(hour, tried, hours);
        if (line == null) {
            out.println(text);
            return;
        }
        line.rewrite(text);
        if (tried == hours) {
            line.end();
        }
    }

    /** Ends the line that is begun. */
    @Override
    public void close() {
        if (line != null) {
            line.end();
            System.setOut(out);
        }
    }

    /** Up to JDK 21 there is a console only on a terminal; since 22 one may be there anyway. */
    private static boolean isTerminal(Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
