// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import java.util.Locale;
import java.util.Random;

/**
 * Prints the time of each layer of the classic network in a scan, for one file and for eight at a
 * time: microseconds a step, share of the total, and GFLOP/s at two operations a parameter. A
 * layer's time is that of the network up to and including it, minus that of the network before it;
 * for cheap layers the difference is noise.
 */
public final class LayerTimes {
  private static final int ROUNDS = 40; // the fastest counts: other programs slow the rest
  private static final double ROUND_SECONDS = 0.05;
  private static final int STEPS = 16; // of a file at a time, as in a scan

  private LayerTimes() {}

  /** Measures; no arguments. */
  public static void main(String[] args) {
    Network network = StepBenchmark.classic().network().folded();
    measure(network, 1);
    measure(network, 8);
  }

  private static void measure(Network network, int files) {
    int layers = network.layers().size();
    PosteriorStreams[] prefixes = new PosteriorStreams[layers]; // the first l + 1 layers
    double[] best = new double[layers]; // microseconds a step of a file
    for (int l = 0; l < layers; l++) {
      prefixes[l] = new Network(network.layers().subList(0, l + 1)).start(files);
      best[l] = Double.POSITIVE_INFINITY;
    }
    StepBatch frames = frames(network, files);
    for (int round = 0; round < ROUNDS; round++) {
      for (int l = 0; l < layers; l++) {
        best[l] = Math.min(best[l], microseconds(prefixes[l], frames, files));
      }
    }
    System.out.printf(
        Locale.ROOT, "files at a time: %d; a step %.1f us%n", files, best[layers - 1]);
    for (int l = 0; l < layers; l++) {
      Layer layer = network.layers().get(l);
      double own = Math.max(0.001, best[l] - (l == 0 ? 0 : best[l - 1]));
      System.out.printf(
          Locale.ROOT,
          "%-10s %4d -> %-4d %8.2f us %5.0f %% %8.1f GFLOP/s%n",
          layer.getClass().getSimpleName(),
          layer.inputs(),
          layer.outputs(),
          own,
          100 * own / best[layers - 1],
          2e-3 * layer.parameters() / own);
    }
  }

  private static double microseconds(PosteriorStreams prefix, StepBatch frames, int files) {
    long begun = System.nanoTime();
    long calls = 0;
    double seconds;
    do {
      prefix.run(frames);
      calls++;
      seconds = (System.nanoTime() - begun) * 1e-9;
    } while (seconds < ROUND_SECONDS);
    return seconds * 1e6 / calls / STEPS / files;
  }

  /** A stride of each file in turn, as a detector gives them. */
  private static StepBatch frames(Network network, int files) {
    Random random = new Random(2);
    StepBatch frames = new StepBatch();
    for (int step = 0; step < STEPS; step++) {
      for (int file = 0; file < files; file++) {
        for (int i = 0; i < network.stride(); i++) {
          float[] frame = new float[network.inputs()];
          for (int bin = 0; bin < frame.length; bin++) {
            frame[bin] = (float) random.nextGaussian();
          }
          frames.add(file, frame);
        }
      }
    }
    return frames;
  }
}
