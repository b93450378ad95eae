// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.Layer;
import java.util.List;

/**
 * A layer in training: runs and remembers the forward pass over a batch, then propagates the
 * gradient of the loss back. Buffers are reused; the next call overwrites what a method returned.
 */
public interface LayerGradient {
  /**
   * Runs the layer over a batch.
   *
   * @param in [steps][clips][inputs]; must not change until {@link #backward}
   * @param training false to behave like the trained layer: no dropout, running statistics
   * @return [steps][clips][outputs]
   */
  SequenceBatch forward(SequenceBatch in, boolean training);

  /**
   * Adds to the gradient of each parameter and returns the gradient of the inputs.
   *
   * @param outGradient [steps][clips][outputs], may be overwritten
   * @param needed whether the caller needs the gradient of the inputs
   * @return [steps][clips][inputs], or null if not needed
   */
  SequenceBatch backward(SequenceBatch outGradient, boolean needed);

  /** The trainable parameters, in a fixed order. */
  List<Parameter> parameters();

  /** The live state without gradients, such as running statistics; overwrite to restore. */
  default List<float[]> statistics() {
    return List.of();
  }

  /**
   * Sets which clips start in the recurrent state left by the previous batch; the others start from
   * zero. Applies until the next call.
   *
   * @param kept [clips], true to keep the state
   */
  default void carry(boolean[] kept) {}

  /** The layer with the current weights; null if the trained network omits it, as for dropout. */
  Layer trained();
}
