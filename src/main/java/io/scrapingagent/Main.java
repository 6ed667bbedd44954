package io.scrapingagent;

import io.scrapingagent.command.CommandRun;
import java.util.Locale;

/** The command line. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // what the agent says is English; in some languages even digits are others
        Locale.setDefault(Locale.ROOT);
        // Netty uses sun.misc.Unsafe, of which Java 24 and later warn
        System.getProperties().putIfAbsent("io.netty.noUnsafe", "true");
        System.exit(CommandRun.execute(arguments));
    }
}
