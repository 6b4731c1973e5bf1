package dev.interlock.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code interlock demo thumbnails}: the thumbnails alone. */
@Command(name = "thumbnails", description = ThumbnailsCommand.DESCRIPTION)
final class ThumbnailsCommand implements Callable<Integer> {
    static final String DESCRIPTION =
            "Makes thumbnails of a folder of pictures in a pool of processes, then in one thread, and compares.";

    private static final int PICTURES = 40;

    @Mixin private final ProcessesInput input = new ProcessesInput();

    @Override
    public Integer call() throws Exception {
        return new ThumbnailsDemo(System.out).run(PICTURES, input.processes());
    }
}
