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
import io.github.rouse.model.PhoneModel;
import io.github.rouse.phones.PhoneBank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse embed}: precomputes embeddings of other speech for {@code rouse enroll}. */
@Command(
    name = "embed",
    description = {
      "Writes what a speech encoder makes of other speech, for `rouse enroll --bank`; or a phone"
          + " recogniser, for `rouse spot --phone-bank`."
    })
public final class EmbedCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      paramLabel = "ENCODER",
      description = "A speech encoder, a detector with one, or a phone recogniser.")
  Path encoder;

  @Option(
      names = "--negatives",
      required = true,
      paramLabel = "PATH",
      description = "Sound without the words to be found; repeatable. More hours are better.")
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
    List<Path> files = AudioPaths.files(negatives, common.notes(console));
    Optional<PhoneModel> phones = PhoneModel.find(encoder);
    double hours = phones.isPresent() ? phones(phones.get(), files) : embeddings(files);
    console.progress("");
    if (!common.quiet) {
      console.say(
          String.format(Locale.ROOT, "wrote %s: %.2f h, %d bytes", out, hours, Files.size(out)));
    }
    return skipped ? ExitCode.FAILED : 0;
  }

  /** Writes a bank of embeddings; returns its hours. */
  private double embeddings(List<Path> files) throws IOException {
    EmbeddingBank bank =
        EmbeddingBank.of(EnrolmentBase.encoder(encoder), files, channel.orAuto(), new FilesDone());
    bank.write(out);
    return bank.hours();
  }

  /** Writes a bank of phones; returns its hours. */
  private double phones(PhoneModel model, List<Path> files) throws IOException {
    PhoneBank bank = PhoneBank.of(model, files, channel.orAuto(), new FilesDone());
    bank.write(out);
    return bank.hours();
  }

  /** Reports files that are done, or skipped. */
  private final class FilesDone implements EmbeddingBank.Progress, PhoneBank.Building {
    @Override
    public void leftOut(IOException problem) {
      skipped = true;
      console.say("skipped: " + Console.describe(problem));
    }

    @Override
    public void heard(int done, int all) {
      console.progress(done + " of " + all + " files");
    }
  }
}
