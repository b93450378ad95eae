// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One-line entry points: listen to a microphone, scan a file.
 *
 * <pre>{@code
 * Rouse.scan(model, path).forEach(event -> System.out.println(event.word()));
 *
 * try (Listener listener = Rouse.listen(model).onEvent(e -> System.out.println(e)).start()) {
 *   System.in.read(); // until Enter
 * }
 * }</pre>
 */
public final class Rouse {
  private Rouse() {}

  /**
   * Prepares to listen for the words of these models; {@link ListenerBuilder#start} begins.
   *
   * @throws IllegalArgumentException without a model
   */
  public static ListenerBuilder listen(WakeModel... models) {
    if (models.length == 0) {
      throw new IllegalArgumentException("models=[], expected at least one");
    }
    return new ListenerBuilder(List.of(models));
  }

  /**
   * Listens to the default microphone in the background.
   *
   * @param events called on the listener's thread
   * @return the running listener; close it to stop
   * @throws io.github.rouse.audio.capture.AudioUnavailableException if there is no microphone, or
   *     it is busy
   */
  public static Listener listen(WakeModel model, Consumer<TriggerEvent> events) throws IOException {
    return listen(model).onEvent(events).start();
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
