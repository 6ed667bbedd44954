package io.scrapingagent.chaos;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the processes of these tests find their classes. */
public final class ClassPath {

    private ClassPath() {}

    /** The fat jar where it was built, as {@code mvn verify} does, and the test's main class. */
    static String agent() {
        String jar = System.getProperty("agent.jar", "");
        return !jar.isEmpty() && Files.exists(Path.of(jar))
                ? jar + File.pathSeparator + testClasses()
                : tests();
    }

    /** All that the tests have. */
    public static String tests() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static Path testClasses() {
        try {
            return Path.of(
                    ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
