package io.github.rouse.nn;

/** One layer with its weights: immutable, shared by all streams. Arrays are not to be modified. */
public sealed interface Layer
    permits Activation,
        AttentionPooling,
        BatchNorm,
        Bidirectional,
        Conv1d,
        Dense,
        Gru,
        Lstm,
        SimpleRnn,
        Windowed {

  /** Values per step this layer reads. */
  int inputs();

  /** Values per step this layer writes. */
  int outputs();

  /** Trained numbers in this layer. */
  long parameters();

  /**
   * The layer's weights, laid out for its arithmetic; shared by all streams.
   *
   * @throws IllegalArgumentException if the layer needs the whole clip ({@link Bidirectional},
   *     {@link AttentionPooling})
   */
  Prepared prepare();

  /** This layer over a whole clip, [steps][inputs] to [steps][outputs]. */
  default float[][] forward(float[][] in) {
    StepBatch out = new StepBatch(outputs());
    prepare().start(1).run(StepBatch.of(in), out);
    return out.toArray();
  }

  /** A layer that streams are started of. */
  interface Prepared {
    /** Fresh streams through the layer, numbered from 0. */
    Step start(int streams);
  }

  /** What streams remember of a layer, and the layer's arithmetic on it. */
  interface Step {
    /**
     * Takes steps in.
     *
     * @param out becomes what came out of them, of each stream at most as many
     */
    void run(StepBatch in, StepBatch out);

    /** Forgets a stream so far. */
    void reset(int stream);
  }

  /** Checks the shape of a weight matrix [rows][columns]. */
  static void checkShape(String name, float[][] w, int rows, int columns) {
    if (w.length != rows) {
      throw new IllegalArgumentException(name + ".rows=" + w.length + ", expected " + rows);
    }
    for (float[] row : w) {
      checkLength(name + " row", row, columns);
    }
  }

  /** Checks the length of a weight vector. */
  static void checkLength(String name, float[] v, int length) {
    if (v.length != length) {
      throw new IllegalArgumentException(name + ".length=" + v.length + ", expected " + length);
    }
  }
}
