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

/** One-line ways in. */
public final class Rouse {
  private static final int SCAN_FRAMES = 4096; // read from a file at a time

  private Rouse() {}

  /**
   * Listens to the default microphone in the background.
   *
   * @param events called on the listener's thread
   * @return open until closed
   * @throws io.github.rouse.audio.capture.AudioUnavailableException if there is no microphone, or
   *     it is busy
   */
  public static Listener listen(WakeModel model, Consumer<TriggerEvent> events) throws IOException {
    int rate = model.features().sampleRate();
    Detector detector = new Detector(model, events); // refuses before the microphone is opened
    Microphone microphone = Microphone.open(null, Channel.FIRST, rate, Microphone.Events.NONE);
    return new Listener(microphone, detector, (samples, from, length) -> {}).start();
  }

  /**
   * Finds a model's words in an audio file.
   *
   * @throws io.github.rouse.audio.AudioFormatException if the file is not audio, or broken
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
   * Feeds what is left of a file to a detector made for its rate, or to any other taker of mono
   * samples. If the file turns out to be broken, what stands before the break has been heard.
   */
  public static void scan(AudioFile file, Channel channel, SampleSink heard) throws IOException {
    float[] interleaved = new float[SCAN_FRAMES * file.channels()];
    float[] mono = new float[SCAN_FRAMES];
    ChannelSelector reducer = new ChannelSelector(channel, file.channels(), file.sampleRate());
    for (int frames; (frames = file.read(interleaved, SCAN_FRAMES)) >= 0; ) {
      reducer.reduce(interleaved, frames, mono);
      heard.accept(mono, 0, frames);
    }
  }
}
