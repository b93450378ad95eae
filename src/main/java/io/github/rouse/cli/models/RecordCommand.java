// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.cli.output.Meter;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.speak.Espeak;
import io.github.rouse.train.data.RecordingCheck;
import java.io.IOException;
import java.nio.file.Files;
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
  private static final int RATE = 44_100;
  private static final double SECONDS = 2.5; // of one recording
  private static final int MAX_REJECTED = 5; // in a row, before blaming the microphone

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
    Files.createDirectories(out);
    int next = 1;
    int rejected = 0;
    Channel channel = sound.channel.ofWord(Channel.AUTO);
    LiveCheck check = new LiveCheck(channel, SECONDS, common.notes(console));
    try (Microphone microphone = Microphone.open(device, channel, RATE, checking(check))) {
      console.say("recording from " + microphone.describe());
      for (int done = 0; done < count; ) {
        Path file;
        do {
          file = out.resolve(stem + "-" + next++ + ".wav");
        } while (Files.exists(file)); // keep earlier recordings
        console.say((done + 1) + " of " + count + ": say \"" + word + "\" now");
        RecordingCheck take = RecordingCheck.of(record(microphone), RATE);
        if (take.refusal() != null) {
          console.say("again, please: " + take.refusal());
          next--;
          if (++rejected == MAX_REJECTED) {
            throw new IOException("record: " + MAX_REJECTED + " recordings in a row were rejected");
          }
          continue;
        }
        rejected = 0;
        try (WavWriter wav = new WavWriter(file, RATE, 1)) {
          wav.write(take.samples(), 0, take.samples().length);
          wav.commit();
        }
        console.print(file.toString());
        done++;
      }
    }
    check.finish();
    List<Path> recordings = AudioPaths.files(List.of(out), note -> {});
    boolean alike;
    try {
      alike = sayOutliers(recordings);
    } catch (IOException e) { // of an earlier recording; the new ones are there
      console.say(Console.describe(e));
      alike = false;
    }
    if (!common.quiet && alike && recordings.size() >= Enrolment.FEWEST_RECORDINGS) {
      console.say("next: " + next());
    }
    return 0;
  }

  /**
   * Names recordings that {@code enroll} would refuse beside the others; true if there are none.
   */
  private boolean sayOutliers(List<Path> recordings) throws IOException {
    Path models = ModelFiles.models();
    if (!Files.exists(models.resolve(EnrollCommand.BANK))) {
      return true;
    }
    EmbeddingBank bank = EmbeddingBank.read(models.resolve(EnrollCommand.BANK));
    EnrolmentBase base = EnrolmentBase.read(models.resolve(EnrollCommand.SHIPPED), bank);
    List<Path> outliers = Enrolment.outliers(recordings, base, bank);
    for (Path other : outliers) {
      console.say(
          other
              + ": sounds unlike the others; play it, and if it is not \""
              + word
              + "\", delete it and run this command again with --count 1");
    }
    return outliers.isEmpty();
  }

  private static Microphone.Events checking(LiveCheck check) {
    return new Microphone.Events() {
      @Override
      public void lost(String reason) {
        // the next recording fails
      }

      @Override
      public void recovered(double lostSeconds) {}

      @Override
      public void captured(
          float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {
        check.captured(interleaved, heard, frames, channels, sampleRate);
      }
    };
  }

  /** The command that makes a model of the recordings. */
  private String next() {
    return "rouse enroll "
        + quoted(ModelFiles.models().resolve(EnrollCommand.SHIPPED).toString())
        + " --recordings "
        + quoted(out.toString())
        + " --word "
        + quoted(word)
        + " --out "
        + quoted(AudioPaths.stem(Path.of(word)) + ".onnx")
        + (Espeak.installed() ? " --text" : "");
  }

  private static String quoted(String argument) {
    return argument.matches("[\\w./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
  }

  /** Records one take, showing the level. */
  private float[] record(Microphone microphone) throws IOException {
    while (microphone.read(new float[RATE], 1) > 0) {
      // discard sound from before the prompt
    }
    float[] samples = new float[(int) (SECONDS * RATE)];
    float[] part = new float[RATE / 10];
    Meter meter = new Meter(console, RATE);
    for (int at = 0; at < samples.length; ) {
      int read = microphone.read(part, 2000);
      if (read <= 0) {
        throw new IOException("the microphone delivers no samples");
      }
      read = Math.min(read, samples.length - at);
      System.arraycopy(part, 0, samples, at, read);
      meter.accept(part, 0, read);
      at += read;
    }
    return samples;
  }
}
