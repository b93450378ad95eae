// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.AudioUnavailableException;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.SpeakingGuard;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What to listen for, on which microphone, and what to do then; {@link Rouse#listen} makes one.
 * Every setting and handler may be left out. Handlers run on the listener's threads and may close
 * the listener; one that takes long delays the next event.
 *
 * <pre>{@code
 * Listener listener =
 *     Rouse.listen(WakeModel.read(path), WakeModel.named("alexa"))
 *         .device("USB")
 *         .channel(Channel.BEST)
 *         .falseAlarmsPerHour(0.5)
 *         .refractory(Duration.ofSeconds(2))
 *         .onEvent(event -> System.out.println(event.word() + " at " + event.time()))
 *         .onNearMiss(miss -> System.out.println("almost " + miss.word()))
 *         .onDeviceLost(reason -> System.out.println(reason))
 *         .onDeviceRegained(gap -> System.out.println("back after " + gap))
 *         .onError(problem -> problem.printStackTrace())
 *         .start();
 * }</pre>
 */
public final class ListenerBuilder {
  private final List<WakeModel> models;
  private String device; // null for the default
  private Channel channel = Channel.AUTO;
  private SpeakingGuard guard = new SpeakingGuard(SpeakingGuard.DEFAULT_SCORE); // silent
  private Consumer<TriggerEvent> onEvent = event -> {};
  private Consumer<TriggerEvent> onNearMiss = miss -> {};
  private Consumer<String> onDeviceLost = reason -> {};
  private Consumer<Duration> onDeviceRegained = gap -> {};
  private Consumer<Throwable> onError = ListenerBuilder::uncaught;
  private SampleSink onSamples = (samples, from, length) -> {};

  ListenerBuilder(List<WakeModel> models) {
    this.models = new ArrayList<>(models);
  }

  /** The capture device, by name, a part of its name, or number, as in {@code CaptureDevices}. */
  public ListenerBuilder device(String nameOrNumber) {
    device = nameOrNumber;
    return this;
  }

  /**
   * The channel to listen to; {@link Channel#AUTO} by default. Not {@link Channel#EACH}: for that,
   * a {@link Listener} takes a detector for each channel.
   */
  public ListenerBuilder channel(Channel choice) {
    if (choice.choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException("channel=each, expected one sound: auto, N, mix or best");
    }
    channel = choice;
    return this;
  }

  /** Sets the sensitivity of all the models; see {@link WakeModel#withSensitivity}. */
  public ListenerBuilder sensitivity(double sensitivity) {
    models.replaceAll(model -> model.withSensitivity(sensitivity));
    return this;
  }

  /** Sets the false alarms of each model; see {@link WakeModel#withFalseAlarmsPerHour}. */
  public ListenerBuilder falseAlarmsPerHour(double rate) {
    models.replaceAll(model -> model.withFalseAlarmsPerHour(rate));
    return this;
  }

  /** Sets for how long a word does not trigger again after an event. */
  public ListenerBuilder refractory(Duration period) {
    float seconds = period.toMillis() / 1000f;
    models.replaceAll(model -> model.withPolicy(model.policy().withRefractory(seconds)));
    return this;
  }

  /** Gives the words a second chance after a near miss; see {@link WakeModel#withSecondChance}. */
  public ListenerBuilder secondChance(SecondChance chance) {
    models.replaceAll(model -> model.withSecondChance(chance));
    return this;
  }

  /** Tells the listener when the device itself speaks, so that it does not wake itself. */
  public ListenerBuilder guard(SpeakingGuard ofDevice) {
    guard = ofDevice;
    return this;
  }

  /** Called when a word is detected. */
  public ListenerBuilder onEvent(Consumer<TriggerEvent> handler) {
    onEvent = handler;
    return this;
  }

  /** Called when a word was nearly detected; see {@link DetectionHandler#nearMiss}. */
  public ListenerBuilder onNearMiss(Consumer<TriggerEvent> handler) {
    onNearMiss = handler;
    return this;
  }

  /** Called with the reason when the device stops delivering sound; the listener waits for it. */
  public ListenerBuilder onDeviceLost(Consumer<String> handler) {
    onDeviceLost = handler;
    return this;
  }

  /** Called with the length of the gap when a lost device delivers sound again. */
  public ListenerBuilder onDeviceRegained(Consumer<Duration> handler) {
    onDeviceRegained = handler;
    return this;
  }

  /**
   * Called with what a handler threw, after which the listening continues, and with what ended the
   * listening. By default, the JVM's handler of uncaught exceptions prints it.
   */
  public ListenerBuilder onError(Consumer<Throwable> handler) {
    onError = handler;
    return this;
  }

  /**
   * Called with every block of sound before it is searched, such as for a recogniser of what
   * follows the word: mono, at the highest sample rate of the models.
   */
  public ListenerBuilder onSamples(SampleSink handler) {
    onSamples = handler;
    return this;
  }

  /**
   * Starts to listen in the background.
   *
   * @throws AudioUnavailableException if there is no such microphone, it is busy, or this Java
   *     runtime has no sound
   */
  public Listener start() throws AudioUnavailableException {
    requireSound();
    int rate = models.stream().mapToInt(model -> model.features().sampleRate()).max().orElse(0);
    Detector detector =
        new Detector(models, rate, Engine.NATIVE, guard.guarding(new GuardedEvents()));
    try {
      Microphone microphone = Microphone.open(device, channel, rate, new DeviceEvents());
      return new Listener(microphone, detector, this::samples).start(this::report);
    } catch (AudioUnavailableException | RuntimeException e) {
      detector.close();
      throw e;
    }
  }

  private static void requireSound() throws AudioUnavailableException {
    try {
      Class.forName("javax.sound.sampled.AudioSystem", false, null);
    } catch (ClassNotFoundException e) {
      throw new AudioUnavailableException(
          "this Java runtime has no sound: it lacks the module java.desktop", e);
    }
  }

  private void samples(float[] samples, int from, int length) {
    guarded(() -> onSamples.accept(samples, from, length));
  }

  private void guarded(Runnable handler) {
    try {
      handler.run();
    } catch (Throwable e) { // other JVM languages throw checked ones too
      report(e);
    }
  }

  private void report(Throwable problem) {
    try {
      onError.accept(problem);
    } catch (Throwable another) { // other JVM languages throw checked ones too
      uncaught(another);
    }
  }

  private static void uncaught(Throwable problem) {
    Thread thread = Thread.currentThread();
    thread.getThreadGroup().uncaughtException(thread, problem);
  }

  /** Guards against what the handlers of events throw. */
  private final class GuardedEvents implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      guarded(() -> onEvent.accept(event));
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      guarded(() -> onNearMiss.accept(miss));
    }
  }

  /** Guards against what the handlers of the device's loss throw. */
  private final class DeviceEvents implements Microphone.Events {
    @Override
    public void lost(String reason) {
      guarded(() -> onDeviceLost.accept(reason));
    }

    @Override
    public void recovered(double lostSeconds) {
      guarded(() -> onDeviceRegained.accept(Duration.ofNanos(Math.round(lostSeconds * 1e9))));
    }
  }
}
