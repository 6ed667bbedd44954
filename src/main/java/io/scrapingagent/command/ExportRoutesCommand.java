package io.scrapingagent.command;

import io.scrapingagent.config.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the packaged route files, for somebody who wants other ones. */
@Command(
        name = "export-routes",
        description = {
            "Writes the packaged routes and Kamelets into a directory, to start from.",
            "With AGENT_ROUTES_DIR=<directory> the agent runs those in place of its own."
        },
        exitCodeList = {
            "0:all files are written",
            "1:a file is there already, or cannot be written",
            "2:wrong arguments"
        })
final class ExportRoutesCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<directory>", description = "Is made where it does not exist.")
    private Path directory;

    @Option(names = "--force", description = "Overwrites files that are there already.")
    private boolean force;

    @Override
    public Integer call() throws InvalidSettingsException {
        if (directory.toString().isEmpty()) {
            // most likely a variable that is not set
            throw CommandRun.refusal("The directory is empty: name one (. is the current one)");
        }
        Map<Path, String> files = new TreeMap<>();
        RouteFiles.packaged()
                .files()
                .forEach((name, file) -> files.put(directory.resolve(name), file.text()));
        List<Path> there = files.keySet().stream().filter(Files::exists).toList();
        if (!there.isEmpty() && !force) {
            there.forEach(file -> System.err.println(file + " is there already"));
            System.err.println("Nothing was written: --force overwrites these files");
            return ExitCode.SOFTWARE;
        }
        try {
            Files.createDirectories(directory);
            for (Map.Entry<Path, String> file : files.entrySet()) {
                Files.writeString(file.getKey(), file.getValue());
                System.out.println(file.getKey());
            }
        } catch (IOException e) {
            System.err.printf(
                    "Cannot be written: %s: name a directory that you may make and write to%n",
                    e.getMessage());
            return ExitCode.SOFTWARE;
        }
        System.out.printf(
                "%nTo run them: AGENT_ROUTES_DIR=%s%n"
                        + "Keep the files that you change. A packaged one takes the place of each"
                        + " that you delete.%n",
                directory.toAbsolutePath().normalize());
        return ExitCode.OK;
    }
}
