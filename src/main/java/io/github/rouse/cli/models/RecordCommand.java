// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.Shell;
import io.github.rouse.enrol.Enrolment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse record}: guided recording of a word. */
@Command(
    name = "record",
    description =
        "Records samples of a word; repeats those that are too quiet, clipped or cut off.")
public final class RecordCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin SoundOptions sound;

  @Option(names = "--word", required = true, paramLabel = "W", description = "The word to say.")
  String word;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write to.")
  Path out;

  @Option(
      names = "--count",
      required = true,
      paramLabel = "N",
      description = "The number of recordings.")
  int count;

  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      description =
          "Who speaks: letters and digits that begin the files' names. Training holds out whole"
              + " speakers.")
  String speaker;

  @Option(names = "--device", paramLabel = "NAME|N", description = "As for listen.")
  String device;

  public RecordCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("count=" + count + ", expected at least 1");
    }
    if (speaker != null && !speaker.matches("[\\p{L}\\p{N}]+")) {
      throw new IllegalArgumentException("speaker=" + speaker + ", expected letters and digits");
    }
    String stem = (speaker == null ? "" : speaker + "-") + AudioPaths.stem(Path.of(word));
    Takes takes = new Takes(word, out, console, common);
    takes.record(
        device,
        sound.channel.ofWord(Channel.AUTO),
        stem + "-",
        count,
        file -> console.print(file.toString()));
    List<Path> recordings = AudioPaths.files(List.of(out), note -> {});
    boolean alike;
    try {
      alike = takes.reportOutliers(recordings, "run this command again with --count 1");
    } catch (IOException e) { // of an earlier recording; the new ones are there
      console.say(Console.describe(e));
      alike = false;
    }
    if (!common.quiet && alike && recordings.size() >= Enrolment.FEWEST_RECORDINGS) {
      console.say("next: " + next());
    }
    return 0;
  }

  /** The command that makes a model of the recordings. */
  private String next() {
    return "rouse enroll "
        + Shell.quoted(EnrollCommand.shippedEncoder().toString())
        + " --recordings "
        + Shell.quoted(out.toString())
        + " --word "
        + Shell.quoted(word)
        + " --out "
        + Shell.quoted(AudioPaths.stem(Path.of(word)) + ".onnx");
  }
}
