package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recipe of {@code docs/routes.md}: steps, and where they belong, as the document itself says it.
 *
 * @param file the route file that is changed
 * @param place {@code first step}, {@code last step}, or {@code in place of} a step, which is the
 *     file's last
 * @param steps the YAML of the steps
 */
public record Recipe(String file, String place, String steps) {

    static final Path DOCUMENT = Path.of("docs/routes.md");

    private static final Path PACKAGED = Path.of("src/main/resources/routes");
    private static final Pattern BLOCK =
            Pattern.compile("```yaml\n# (\\S+), ([^\n]+)\n(.*?)```", Pattern.DOTALL);

    /** Reads the recipe under a heading. */
    public static Recipe under(String heading) throws IOException {
        String text = Files.readString(DOCUMENT);
        int start = text.indexOf("### " + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        Matcher block = BLOCK.matcher(text.substring(start));
        assertThat(block.find()).as("a recipe under " + heading).isTrue();
        return new Recipe(block.group(1), block.group(2), block.group(3));
    }

    /** Returns the recipe with something else in place of a part of its steps. */
    Recipe with(String part, String other) {
        assertThat(steps).contains(part);
        return new Recipe(file, place, steps.replace(part, other));
    }

    /** Writes the changed route file into a directory. */
    void into(Path directory) throws IOException {
        Files.writeString(directory.resolve(file), text());
    }

    /** Returns the changed route file. */
    public String text() throws IOException {
        String packaged = Files.readString(PACKAGED.resolve(file));
        if (place.equals("last step")) {
            return packaged + steps;
        }
        if (place.equals("first step")) {
            String beginning = "      steps:\n";
            int first = packaged.indexOf(beginning) + beginning.length();
            return packaged.substring(0, first) + steps + packaged.substring(first);
        }
        assertThat(place).startsWith("in place of ");
        String id = place.substring("in place of ".length());
        Matcher last =
                Pattern.compile("(?m)^ +- \\w+:\n +id: " + id + "\n(?s:.*)").matcher(packaged);
        assertThat(last.find()).as(id).isTrue();
        return packaged.substring(0, last.start()) + steps;
    }
}
