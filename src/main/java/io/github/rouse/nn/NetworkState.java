package io.github.rouse.nn;

import java.util.List;

/**
 * What one stream remembers of a network; confined to one thread. A step costs one call per layer,
 * top to bottom, and allocates nothing.
 */
public final class NetworkState {
  private final Layer.Step[] steps;
  private final float[][] values; // [layer][outputs]

  NetworkState(Network network) {
    List<Layer> layers = network.layers();
    steps = layers.stream().map(Layer::start).toArray(Layer.Step[]::new);
    values = layers.stream().map(l -> new float[l.outputs()]).toArray(float[][]::new);
  }

  /**
   * Takes one feature frame; true if a step of posteriors came out.
   *
   * @param frame [inputs]
   */
  public boolean step(float[] frame) {
    float[] in = frame;
    for (int i = 0; i < steps.length; i++) {
      if (!steps[i].step(in, values[i])) {
        return false;
      }
      in = values[i];
    }
    return true;
  }

  /** The last step's posteriors, [outputs]; overwritten by the next step. */
  public float[] posteriors() {
    return values[values.length - 1];
  }

  /** Forgets the stream so far. */
  public void reset() {
    for (Layer.Step step : steps) {
      step.reset();
    }
  }
}
