// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse embed}: precomputes embeddings of other speech for {@code rouse enroll}. */
@Command(
    name = "embed",
    description = "Writes what a speech encoder makes of other speech, for `rouse enroll --bank`.")
public final class EmbedCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "ENCODER", description = "A speech encoder, or a detector with one.")
  Path encoder;

  @Option(
      names = "--negatives",
      required = true,
      paramLabel = "PATH",
      description = "Sound without the words to be enrolled; repeatable. More hours are better.")
  List<Path> negatives;

  @Mixin ChannelOption channel;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The bank to write.")
  Path out;

  private boolean skipped; // a file could not be read

  public EmbedCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    AtomicFile.prepare(out);
    if (Files.exists(out) && Files.isSameFile(out, encoder)) {
      throw new IllegalArgumentException(
          "out=" + out + " is ENCODER itself, which is never overwritten");
    }
    EmbeddingBank bank =
        EmbeddingBank.of(
            EnrolmentBase.encoder(encoder),
            AudioPaths.files(negatives, common.notes(console)),
            channel.orAuto(),
            new EmbeddingBank.Progress() {
              @Override
              public void leftOut(IOException problem) {
                skipped = true;
                console.say("skipped: " + Console.describe(problem));
              }

              @Override
              public void heard(int files, int all) {
                console.progress(files + " of " + all + " files");
              }
            });
    bank.write(out);
    console.progress("");
    if (!common.quiet) {
      console.say(
          String.format(
              Locale.ROOT, "wrote %s: %.2f h, %d bytes", out, bank.hours(), Files.size(out)));
    }
    return skipped ? ExitCode.FAILED : 0;
  }
}
