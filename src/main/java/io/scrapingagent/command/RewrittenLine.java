package io.scrapingagent.command;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * A line of a terminal that is written again and again. What others write to this stream, a log
 * line in the middle of it all, begins a line of its own.
 */
final class RewrittenLine extends OutputStream {

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
