// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import com.sun.management.ThreadMXBean;
import io.github.rouse.Detector;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Speed of an engine on this machine, on one thread. It is measured with noise through a whole
 * detector, in a microphone's block size, and with frames through the network alone, one step a
 * call. Engines alternate; the figures are medians over turns.
 *
 * @param realTimeFactor processing seconds per second of sound, including features and triggers
 * @param stepMicros microseconds per network step
 * @param bytesPerSecond allocated by the detector per second of sound
 */
public record EngineSpeed(
    Engine engine, double realTimeFactor, double stepMicros, double bytesPerSecond) {
  private static final int READS_PER_SECOND = 20;
  private static final int WARM_UP = 8; // turns, until the loops are compiled
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Measures each engine.
   *
   * @param engines to compare
   * @param turns per engine, at least 1
   * @param turnSeconds length of a turn
   * @throws IllegalArgumentException if an engine cannot stream the model
   * @throws IllegalStateException if ONNX Runtime rejects the model
   */
  public static List<EngineSpeed> of(
      WakeModel model, List<Engine> engines, int turns, double turnSeconds) {
    List<Measured> measured = new ArrayList<>();
    try {
      engines.forEach(engine -> measured.add(new Measured(model, engine)));
      for (int turn = -WARM_UP; turn < turns; turn++) {
        for (Measured each : measured) {
          each.turn(turnSeconds / 2);
          if (turn < 0) {
            each.forget();
          }
        }
      }
      return measured.stream().map(Measured::speed).toList();
    } finally {
      measured.forEach(Measured::close);
    }
  }

  /** One engine under test. */
  private static final class Measured {
    private final Engine engine;
    private final Detector detector;
    private final PosteriorStreams network;
    private final float[] read; // noise, one microphone read long
    private final StepBatch step = new StepBatch();
    private final List<Double> factors = new ArrayList<>();
    private final List<Double> micros = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    Measured(WakeModel model, Engine engine) {
      this.engine = engine;
      int rate = model.features().sampleRate();
      network = model.start(engine, 1);
      detector = new Detector(List.of(model), rate, engine, event -> {});
      Random random = new Random(1);
      read = new float[rate / READS_PER_SECOND];
      for (int i = 0; i < read.length; i++) {
        read[i] = (float) (0.05 * random.nextGaussian());
      }
      for (int i = 0; i < model.network().stride(); i++) {
        float[] frame = new float[model.network().inputs()];
        for (int bin = 0; bin < frame.length; bin++) {
          frame[bin] = (float) random.nextGaussian();
        }
        step.add(0, frame);
      }
    }

    /** Runs the detector for {@code seconds}, then the network alone for {@code seconds}. */
    void turn(double seconds) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      int reads = 0;
      while (System.nanoTime() - start < seconds * 1e9) {
        detector.accept(read, 0, read.length);
        reads++;
      }
      double played = (double) reads / READS_PER_SECOND;
      factors.add((System.nanoTime() - start) / 1e9 / played);
      bytes.add((THREADS.getCurrentThreadAllocatedBytes() - before) / played);
      start = System.nanoTime();
      int steps = 0;
      while (System.nanoTime() - start < seconds * 1e9) {
        network.run(step);
        steps++;
      }
      micros.add((System.nanoTime() - start) / 1e3 / steps);
    }

    /** Discards the measurements. */
    void forget() {
      factors.clear();
      micros.clear();
      bytes.clear();
    }

    EngineSpeed speed() {
      return new EngineSpeed(engine, median(factors), median(micros), median(bytes));
    }

    void close() {
      detector.close();
      network.close();
    }

    private static double median(List<Double> values) {
      return values.stream().sorted().toList().get(values.size() / 2);
    }
  }
}
