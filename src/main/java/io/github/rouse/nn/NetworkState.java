package io.github.rouse.nn;

import java.util.List;

/**
 * What streams remember of a network; confined to one thread. Frames cost one call per layer, top
 * to bottom, and allocate nothing once as many have come at a time as ever will.
 */
public final class NetworkState implements PosteriorStreams {
  private final Layer.Step[] layers;
  private final StepBatch[] values; // that came out of each

  NetworkState(List<Layer> network, List<Layer.Prepared> prepared, int streams) {
    layers = prepared.stream().map(layer -> layer.start(streams)).toArray(Layer.Step[]::new);
    values =
        network.stream().map(layer -> new StepBatch(layer.outputs())).toArray(StepBatch[]::new);
  }

  @Override
  public StepBatch run(StepBatch frames) {
    StepBatch in = frames;
    for (int i = 0; i < layers.length; i++) {
      layers[i].run(in, values[i]);
      in = values[i];
    }
    return in;
  }

  @Override
  public void reset(int stream) {
    for (Layer.Step layer : layers) {
      layer.reset(stream);
    }
  }
}
