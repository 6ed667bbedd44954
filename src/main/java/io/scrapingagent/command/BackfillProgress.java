package io.scrapingagent.command;

import io.scrapingagent.scrape.Backfill;
import java.io.Console;
import java.io.OutputStream;
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

    /**
     * A line of a terminal that is written again and again. What others write to this stream, a log
     * line in the middle of it all, begins a line of its own.
     */
    static final class RewrittenLine extends OutputStream {

        private final PrintStream terminal;
        private boolean begun;

        RewrittenLine(PrintStream terminal) {
            this.terminal = terminal;
        }

        /** Shows this text in place of the one before. */
        synchronized void rewrite(String text) {
            terminal.print("\r" + text);
            terminal.flush();
            begun = true;
        }

        /** Ends the line, if there is one. */
        synchronized void end() {
            if (begun) {
                terminal.println();
                begun = false;
            }
        }

        @Override
        public synchronized void write(int b) {
            end();
            terminal.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            end();
            terminal.write(bytes, offset, length);
        }

        @Override
        public synchronized void flush() {
            terminal.flush();
        }
    }
}
