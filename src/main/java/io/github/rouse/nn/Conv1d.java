package io.github.rouse.nn;

import io.github.rouse.kernel.Weights;
import java.util.Arrays;

/**
 * A causal convolution over time: output j reads frames {@code j*stride - padding} to {@code
 * j*stride - padding + kernel - 1}, and comes out with the last of them.
 *
 * @param weights [kernel * inputs][outputs], tap by tap, oldest frame first
 * @param bias [outputs]
 * @param kernel taps, in frames
 * @param stride frames from one output to the next
 * @param padding frames of zeros before the first frame
 */
public record Conv1d(float[][] weights, float[] bias, int kernel, int stride, int padding)
    implements Layer {
  /** Checks the shapes. */
  public Conv1d {
    if (kernel < 1 || weights.length % kernel != 0) {
      throw new IllegalArgumentException(
          "kernel=" + kernel + " does not divide weights.rows=" + weights.length);
    }
    if (stride < 1) {
      throw new IllegalArgumentException("stride=" + stride + ", expected at least 1");
    }
    if (padding < 0 || padding >= kernel) {
      throw new IllegalArgumentException("padding=" + padding + ", expected 0 to kernel-1");
    }
    Layer.checkShape("weights", weights, weights.length, bias.length);
  }

  @Override
  public int inputs() {
    return weights.length / kernel;
  }

  @Override
  public int outputs() {
    return bias.length;
  }

  @Override
  public long parameters() {
    return (weights.length + 1L) * bias.length;
  }

  @Override
  public Prepared prepare() {
    Weights prepared = Weights.of(weights);
    return () -> new Stream(prepared);
  }

  private final class Stream implements Step {
    private final Weights prepared;
    private final float[][] recent = new float[kernel][inputs()]; // the last frames, a ring
    private float[][] windows = new float[1][weights.length]; // what each output reads
    private int next; // the ring's oldest frame, overwritten next
    private int missing; // frames until the next output

    Stream(Weights prepared) {
      this.prepared = prepared;
      reset();
    }

    @Override
    public int run(float[][] in, int count, float[][] out) {
      windows = Buffers.atLeast(windows, count / stride + 1, weights.length);
      int due = 0;
      for (int t = 0; t < count; t++) {
        System.arraycopy(in[t], 0, recent[next], 0, recent[next].length);
        next = next + 1 == kernel ? 0 : next + 1;
        if (--missing == 0) {
          missing = stride;
          gather(windows[due]);
          System.arraycopy(bias, 0, out[due], 0, bias.length);
          due++;
        }
      }
      prepared.addProduct(windows, out, due);
      return due;
    }

    private void gather(float[] window) {
      int at = 0;
      for (int tap = 0; tap < kernel; tap++) {
        float[] frame = recent[(next + tap) % kernel];
        System.arraycopy(frame, 0, window, at, frame.length);
        at += frame.length;
      }
    }

    @Override
    public void reset() {
      for (float[] frame : recent) {
        Arrays.fill(frame, 0f);
      }
      next = 0;
      missing = kernel - padding;
    }
  }
}
