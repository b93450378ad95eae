package io.github.rouse.nn;

import java.util.List;

/**
 * What one stream remembers of a network; confined to one thread. A step costs one call per layer,
 * top to bottom, and allocates nothing.
 */
public final class NetworkState implements PosteriorStream {
  private final Layer.Step[] steps;
  private final float[][] values; // [layer][outputs]

  NetworkState(Network network) {
    List<Layer> layers = network.layers();
    steps = layers.stream().map(Layer::start).toArray(Layer.Step[]::new);
    values = layers.stream().map(l -> new float[l.outputs()]).toArray(float[][]::new);
  }

  @Override
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

  @Override
  public float[] posteriors() {
    return values[values.length - 1];
  }

  @Override
  public void reset() {
    for (Layer.Step step : steps) {
      step.reset();
    }
  }
}
