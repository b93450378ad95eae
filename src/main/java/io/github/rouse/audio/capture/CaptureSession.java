// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SamplePump;
import io.github.rouse.audio.SampleSink;
import java.util.concurrent.CompletableFuture;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.Mixer;

/**
 * Opens a capture device once and reads it on a dedicated thread until the line ends or the session
 * is abandoned. Each attempt gets a new thread, because opening, reading or closing a lost device
 * may hang forever in native code.
 */
final class CaptureSession {
  /** Receives a session's samples at the microphone's rate. */
  interface Receiver {
    void deliver(CaptureSession from, float[] samples, int at, int length);
  }

  /** Completes when the line is open, or with the exception that prevented it. */
  final CompletableFuture<CaptureLine> opened = new CompletableFuture<>();

  private final Thread thread;
  private final Mixer.Info device;
  private final AudioFormat before; // the only format to try, or null
  private final Channel channel;
  private final int channels; // delivered
  private final int sampleRate; // Hz, delivered
  private final CaptureTap tap;
  private final Receiver receiver;
  private volatile boolean abandoned;

  CaptureSession(
      Mixer.Info device,
      AudioFormat before,
      Channel channel,
      int channels,
      int sampleRate,
      CaptureTap tap,
      Receiver receiver) {
    this.device = device;
    this.before = before;
    this.channel = channel;
    this.channels = channels;
    this.tap = tap;
    this.sampleRate = sampleRate;
    this.receiver = receiver;
    thread = new Thread(this::run, "rouse-capture");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether the thread still runs or hangs. */
  boolean isAlive() {
    return thread.isAlive();
  }

  /** Whether no more samples will come. */
  boolean isOver() {
    CaptureLine line = line();
    return !thread.isAlive() || (line != null && line.isOver());
  }

  /** The line, or null if it has not opened. */
  CaptureLine line() {
    return opened.isCompletedExceptionally() ? null : opened.getNow(null);
  }

  /** Asks the thread to end, which it cannot while the device hangs. */
  void abandon() {
    abandoned = true;
    CaptureLine line = line();
    if (line != null) {
      line.stop();
    }
  }

  private void run() {
    CaptureLine line;
    try {
      line =
          CaptureLine.open(
              AudioSystem.getMixer(device), channel, channels, sampleRate, before, tap);
    } catch (AudioUnavailableException | RuntimeException e) {
      opened.completeExceptionally(e);
      return;
    }
    try {
      opened.complete(line);
      if (!abandoned) {
        dispatch(line);
      }
    } finally {
      line.close();
    }
  }

  private void dispatch(CaptureLine line) {
    int block = channels * line.blockFrames();
    FrameResampler resampler = new FrameResampler(channels, line.sampleRate(), sampleRate);
    SampleSink out = (samples, at, length) -> receiver.deliver(this, samples, at, length);
    SamplePump.installed()
        .run(line, block, (samples, at, n) -> resampler.accept(samples, at, n, out));
  }
}
