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
   * A fresh stream through this layer.
   *
   * @throws IllegalArgumentException if the layer needs the whole clip ({@link Bidirectional},
   *     {@link AttentionPooling})
   */
  Step start();

  /** What one stream remembers of a layer, and the layer's arithmetic on it. */
  interface Step {
    /**
     * Takes one step in; true if one came out.
     *
     * @param in [inputs]
     * @param out [outputs], written only when the result is true
     */
    boolean step(float[] in, float[] out);

    /** Forgets the stream so far. */
    void reset();
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
