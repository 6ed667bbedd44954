package io.scrapingagent.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrapingagent.command.BackfillProgress.RewrittenLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class RewrittenLineTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final RewrittenLine line = new RewrittenLine(new PrintStream(screen, true, UTF_8));
    private final PrintStream others = new PrintStream(line, true, UTF_8);

    @Test
    void whatOthersPrintBeginsALineOfItsOwn() {
        others.print("a\n");
        line.rewrite("1 of 3");
        line.rewrite("2 of 3");
        others.print("b\n");
        others.print("c\n");
        line.rewrite("3 of 3");
        line.end();
        line.end();
        others.print("d\n");

        assertThat(screen.toString(UTF_8).replace(System.lineSeparator(), "\n"))
                .isEqualTo("a\n\r1 of 3\r2 of 3\nb\nc\n\r3 of 3\nd\n");
    }
}
