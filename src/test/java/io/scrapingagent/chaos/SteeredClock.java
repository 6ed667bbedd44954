package io.scrapingagent.chaos;

import io.scrapingagent.routes.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * A clock that stands still until a test moves it. The time is in a small file, so that the test,
 * its simulator and the agent processes have the same.
 */
final class SteeredClock extends TestClock {

    private final ByteBuffer millis;

    /** Shows the time that is in this file. */
    SteeredClock(Path file) throws IOException {
        super(Instant.EPOCH);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            this.millis = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        }
    }

    @Override
    public void set(Instant time) {
        millis.putLong(0, time.toEpochMilli());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.getLong(0));
    }
}
