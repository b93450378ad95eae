package io.github.rouse.nn;

import java.util.List;

/**
 * What one stream remembers of a network; confined to one thread. Steps cost one call per layer,
 * top to bottom, and allocate nothing once as many have come at a time as ever will.
 */
public final class NetworkState implements PosteriorStream {
  private final Layer.Step[] layers;
  private final int[] widths; // outputs of each
  private final float[][][] values; // [layer][steps][outputs]

  NetworkState(Network network, List<Layer.Prepared> prepared) {
    layers = prepared.stream().map(Layer.Prepared::start).toArray(Layer.Step[]::new);
    widths = network.layers().stream().mapToInt(Layer::outputs).toArray();
    values = new float[layers.length][0][];
  }

  @Override
  public int run(float[][] frames, int count) {
    float[][] in = frames;
    int steps = count;
    for (int i = 0; i < layers.length && steps > 0; i++) {
      values[i] = Buffers.atLeast(values[i], steps, widths[i]);
      steps = layers[i].run(in, steps, values[i]);
      in = values[i];
    }
    return steps;
  }

  @Override
  public float[] posteriors(int step) {
    return values[values.length - 1][step];
  }

  @Override
  public void reset() {
    for (Layer.Step layer : layers) {
      layer.reset();
    }
  }
}
