// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One-line entry points: listen to a microphone, scan a file. */
public final class Rouse {
  private Rouse() {}

  /**
   * Listens to the default microphone in the background.
   *
   * @param events called on the listener's thread. If it throws, listening continues and the
   *     exception goes to the thread's uncaught-exception handler, which prints it by default
   * @return the running listener; close it to stop
   * @throws io.github.rouse.audio.capture.AudioUnavailableException if there is no microphone, or
   *     it is busy
   */
  public static Listener listen(WakeModel model, Consumer<TriggerEvent> events) throws IOException {
    int rate = model.features().sampleRate();
    Detector detector =
        new Detector(model, guarded(events)); // rejects the model before opening the microphone
    Microphone microphone = Microphone.open(null, Channel.AUTO, rate, Microphone.Events.NONE);
    return new Listener(microphone, detector, (samples, from, length) -> {}).start();
  }

  private static Consumer<TriggerEvent> guarded(Consumer<TriggerEvent> events) {
    return event -> {
      try {
        events.accept(event);
      } catch (RuntimeException e) {
        Thread listener = Thread.currentThread();
        listener.getUncaughtExceptionHandler().uncaughtException(listener, e);
      }
    };
  }

  /**
   * Finds a model's words in an audio file.
   *
   * @throws io.github.rouse.audio.AudioFormatException if the file is not audio, or is damaged
   */
  public static List<TriggerEvent> scan(WakeModel model, Path path) throws IOException {
    List<TriggerEvent> events = new ArrayList<>();
    try (AudioFile file = AudioFile.open(path);
        Detector detector =
            new Detector(List.of(model), file.sampleRate(), Engine.NATIVE, events::add)) {
      file.play(Channel.AUTO, detector);
      detector.finish();
    }
    return events;
  }
}
