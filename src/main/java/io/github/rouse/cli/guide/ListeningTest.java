// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.Listener;
import io.github.rouse.Rouse;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Tries a new model on the word and on other speech, and keeps the sound. */
final class ListeningTest {
  /** How often to say the word. */
  static final int TIMES = 3;

  private static final long WORD_SECONDS = 20; // longest wait for the words
  private static final double AFTER_SECONDS = 1; // the last word's end

  private final WakeModel model;
  private final String device; // null for the default
  private final Console console;

  ListeningTest(WakeModel model, String device, Console console) {
    this.model = model;
    this.device = device;
    this.console = console;
  }

  /**
   * Listens until the word was detected {@value #TIMES} times, or for 20 s.
   *
   * @param kept the file for the sound
   * @return the number of detections
   */
  int ofWord(Path kept) throws IOException {
    String prompt = "say \"" + model.words().get(0) + "\" " + TIMES + " times, with pauses";
    return hear(kept, prompt, TIMES, WORD_SECONDS, "detected");
  }

  /**
   * Listens for some time.
   *
   * @param kept the file for the sound
   * @return the number of false alarms
   */
  int ofOtherSpeech(Path kept, long seconds) throws IOException {
    String prompt = "now talk about something else for " + seconds + " s, without that word";
    return hear(kept, prompt, Integer.MAX_VALUE, seconds, "false alarm");
  }

  private int hear(Path kept, String prompt, int enough, long seconds, String what)
      throws IOException {
    int[] heard = {0};
    AtomicReference<Throwable> problem = new AtomicReference<>();
    CountDownLatch end = new CountDownLatch(1);
    int rate = model.features().sampleRate();
    try (WavWriter wav = new WavWriter(kept, rate, 1)) {
      Listener listener =
          Rouse.listen(model)
              .device(device)
              .onSamples((samples, from, length) -> write(wav, samples, from, length))
              .onEvent(
                  event -> {
                    console.say(what + " (" + ++heard[0] + "), " + score(event));
                    if (heard[0] == enough) {
                      end.countDown();
                    }
                  })
              .onNearMiss(miss -> console.say("nearly, " + score(miss)))
              .onDeviceLost(reason -> console.say("microphone lost: " + reason))
              .onError(
                  failure -> {
                    problem.set(failure);
                    end.countDown();
                  })
              .start();
      try (listener) {
        console.say(prompt);
        if (end.await(seconds, TimeUnit.SECONDS) && problem.get() == null) {
          Thread.sleep(Math.round(1000 * AFTER_SECONDS));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (problem.get() != null) {
        throw new IOException(Console.describe(problem.get()), problem.get());
      }
      wav.commit();
    }
    return heard[0];
  }

  private static void write(WavWriter wav, float[] samples, int from, int length) {
    try {
      wav.write(samples, from, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String score(TriggerEvent event) {
    return String.format(Locale.ROOT, "score %.2f", event.score());
  }
}
