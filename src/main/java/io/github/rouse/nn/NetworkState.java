// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;
import java.util.List;

/**
 * The state of one or several streams through a network. Not thread-safe. A batch of frames costs
 * one call per layer; batches no larger than an earlier one allocate nothing.
 */
public final class NetworkState implements PosteriorStreams {
  private final Layer.Step[] layers;
  private final StepBatch[] values; // outputs of each layer

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
  public void state(Snapshot snapshot) {
    snapshot.same("layers", layers.length);
    for (Layer.Step layer : layers) {
      layer.state(snapshot);
    }
  }

  @Override
  public void reset(int stream) {
    for (Layer.Step layer : layers) {
      layer.reset(stream);
    }
  }
}
