package io.github.rouse.train.backprop;

import io.github.rouse.nn.Layer;
import java.util.List;

/**
 * A layer in training: the forward pass over a batch, remembered, and the gradient of the loss sent
 * back through it. Buffers are kept from batch to batch; what is returned is overwritten by the
 * next call.
 */
public interface LayerGradient {
  /**
   * The layer's values for a batch.
   *
   * @param in [steps][clips][inputs]; must stay as it is until {@link #backward}
   * @param training false to do as the trained layer will: no dropout, statistics of training
   * @return [steps][clips][outputs]
   */
  SequenceBatch forward(SequenceBatch in, boolean training);

  /**
   * Adds the gradient by each parameter and gives the gradient by the inputs.
   *
   * @param outGradient [steps][clips][outputs], may be overwritten
   * @param needed whether the caller wants the gradient by the inputs
   * @return [steps][clips][inputs], or null if not needed
   */
  SequenceBatch backward(SequenceBatch outGradient, boolean needed);

  /** What training changes, in a fixed order. */
  List<Parameter> parameters();

  /** What the trained layer needs besides, though no gradient leads there; live, to be restored. */
  default List<float[]> statistics() {
    return List.of();
  }

  /**
   * Starts the next batch's clips where the last batch ended, or from zeros; holds until called
   * again.
   *
   * @param kept [clips], true for a clip that goes on
   */
  default void carry(boolean[] kept) {}

  /** The layer with the weights of now; null for one that is gone once trained, as dropout. */
  Layer trained();
}
