// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.cli.output.Meter;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.train.data.RecordingCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Records a word several times, with prompts; repeats unusable takes. */
public final class Takes {
  private static final int RATE = 44_100;
  private static final double SECONDS = 2.5; // of one recording
  private static final int MAX_REJECTED = 5; // in a row, before blaming the microphone
  private static final int PATIENCE_SECONDS = 10; // while a lost device may come back

  private final String word;
  private final Path folder;
  private final Console console;
  private final CommonOptions common;

  /** Prepares to record a word into a folder. */
  public Takes(String word, Path folder, Console console, CommonOptions common) {
    this.word = word;
    this.folder = folder;
    this.console = console;
    this.common = common;
  }

  /**
   * Records. Keeps earlier recordings.
   *
   * @param device as for {@link Microphone#open}; null for the default
   * @param prefix of the files' names, before a number
   * @param written receives each file
   */
  public void record(
      String device, Channel channel, String prefix, int count, Consumer<Path> written)
      throws IOException {
    Files.createDirectories(folder);
    int next = 1;
    int rejected = 0;
    LiveCheck check = new LiveCheck(channel, SECONDS, common.notes(console));
    try (Microphone microphone = Microphone.open(device, channel, RATE, checking(check))) {
      console.say("recording from " + microphone.describe());
      for (int done = 0; done < count; ) {
        Path file;
        do {
          file = folder.resolve(prefix + next++ + ".wav");
        } while (Files.exists(file));
        console.say((done + 1) + " of " + count + ": say \"" + word + "\" now");
        long lost = microphone.lostSamples();
        RecordingCheck take = RecordingCheck.of(record(microphone), RATE);
        String refusal =
            microphone.lostSamples() > lost
                ? "the microphone lost a part of the sound"
                : take.refusal();
        if (refusal != null) {
          console.say("again, please: " + refusal);
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
        written.accept(file);
        done++;
      }
    }
    check.finish();
  }

  private static Microphone.Events checking(LiveCheck check) {
    return new Microphone.Events() {
      @Override
      public void lost(String reason) {
        // the check of this recording reports it
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

  /** Records one take, showing the level. */
  private float[] record(Microphone microphone) throws IOException {
    while (microphone.read(new float[RATE], 1) > 0) {
      // discard sound from before the prompt
    }
    float[] samples = new float[(int) (SECONDS * RATE)];
    float[] part = new float[RATE / 10];
    Meter meter = new Meter(console, RATE);
    for (int at = 0; at < samples.length; ) {
      int read = microphone.read(part, 1000 * PATIENCE_SECONDS);
      if (read <= 0) {
        throw new IOException(
            "the microphone has delivered no samples for " + PATIENCE_SECONDS + " s");
      }
      read = Math.min(read, samples.length - at);
      System.arraycopy(part, 0, samples, at, read);
      meter.accept(part, 0, read);
      at += read;
    }
    return samples;
  }

  /**
   * Names the recordings that {@code enroll} would reject as unlike the others.
   *
   * @param again the command that records one more
   * @return whether all are alike
   */
  public boolean reportOutliers(List<Path> recordings, String again) throws IOException {
    if (!Files.exists(EnrollCommand.shippedBank())) {
      return true;
    }
    EmbeddingBank bank = EmbeddingBank.read(EnrollCommand.shippedBank());
    EnrolmentBase base = EnrolmentBase.read(EnrollCommand.shippedEncoder(), bank);
    List<Path> outliers = Enrolment.outliers(recordings, base, bank);
    for (Path other : outliers) {
      console.say(
          other
              + ": sounds unlike the others; play it, and if it is not \""
              + word
              + "\", delete it and "
              + again);
    }
    return outliers.isEmpty();
  }
}
