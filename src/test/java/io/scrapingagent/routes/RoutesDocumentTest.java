package io.scrapingagent.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code docs/routes.md} says of the routes is how they are. */
class RoutesDocumentTest {

    private static final String BEGINNING = "<!-- picture -->\n```mermaid\n";
    private static final String END = "```\n<!-- end of picture -->\n";

    /** With {@code -Droutes.picture=write} the picture is drawn anew instead. */
    @Test
    void thePictureIsThatOfTheRoutes() throws IOException {
        String text = Files.readString(Recipe.DOCUMENT);
        int from = text.indexOf(BEGINNING) + BEGINNING.length();
        int to = text.indexOf(END, from);
        String drawn = RoutePicture.of(RouteFile.routes(), RouteFile.kamelets());
        if ("write".equals(System.getProperty("routes.picture"))) {
            Files.writeString(
                    Recipe.DOCUMENT, text.substring(0, from) + drawn + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("renew it: mvn test -Dtest=RoutesDocumentTest -Droutes.picture=write")
                .isEqualTo(drawn);
    }

    @Test
    void everyRouteFileAndKameletIsDescribed() throws IOException {
        String text = Files.readString(Recipe.DOCUMENT);
        List<RouteFile> all = new ArrayList<>(RouteFile.routes());
        all.addAll(RouteFile.kamelets());

        assertThat(all).allSatisfy(file -> assertThat(text).contains("| `" + file.name() + "` |"));
    }
}
