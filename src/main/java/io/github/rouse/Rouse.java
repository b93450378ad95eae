// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.SampleSink;
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
  private static final int SCAN_FRAMES = 4096; // read from a file at a time

  private Rouse() {}

  /**
   * Listens to the default microphone in the background.
   *
   * @param events called on the listener's thread
   * @return the running listener; close it to stop
   * @throws io.github.rouse.audio.capture.AudioUnavailableException if there is no microphone, or
   *     it is busy
   */
  public static Listener listen(WakeModel model, Consumer<TriggerEvent> events) throws IOException {
    int rate = model.features().sampleRate();
    Detector detector =
        new Detector(model, events); // rejects the model before opening the microphone
    Microphone microphone = Microphone.open(null, Channel.FIRST, rate, Microphone.Events.NONE);
    return new Listener(microphone, detector, (samples, from, length) -> {}).start();
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
      scan(file, Channel.FIRST, detector);
      detector.finish();
    }
    return events;
  }

  /**
   * Feeds the rest of a file to a detector at the file's rate, or to any other sink of mono
   * samples. If the file is damaged, the sink has received everything before the damage.
   */
  public static void scan(AudioFile file, Channel channel, SampleSink sink) throws IOException {
    float[] interleaved = new float[SCAN_FRAMES * file.channels()];
    float[] mono = new float[SCAN_FRAMES];
    ChannelSelector selector = new ChannelSelector(channel, file.channels(), file.sampleRate());
    for (int frames; (frames = file.read(interleaved, SCAN_FRAMES)) >= 0; ) {
      selector.reduce(interleaved, frames, mono);
      sink.accept(mono, 0, frames);
    }
  }
}
