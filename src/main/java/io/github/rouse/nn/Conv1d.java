package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
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
  public Step start() {
    return new Stream();
  }

  private final class Stream implements Step {
    private final float[][] recent = new float[kernel][inputs()]; // the last frames, a ring
    private int next; // the ring's oldest frame, overwritten next
    private int missing; // frames until the next output

    Stream() {
      reset();
    }

    @Override
    public boolean step(float[] in, float[] out) {
      System.arraycopy(in, 0, recent[next], 0, in.length);
      next = next + 1 == kernel ? 0 : next + 1;
      if (--missing > 0) {
        return false;
      }
      missing = stride;
      System.arraycopy(bias, 0, out, 0, bias.length);
      for (int tap = 0; tap < kernel; tap++) {
        float[] frame = recent[(next + tap) % kernel];
        Kernels.addProduct(frame, weights, tap * frame.length, out);
      }
      return true;
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
