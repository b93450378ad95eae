// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * A causal convolution over time: output j reads frames {@code j*stride - padding} to {@code
 * j*stride - padding + kernel - 1} and is emitted with the last of them.
 *
 * @param weights [kernel * inputs][outputs], tap by tap, oldest frame first
 * @param bias [outputs]
 * @param kernel taps, in frames
 * @param stride frames from one output to the next
 * @param padding frames of zeros before the first frame
 */
public record Conv1d(float[][] weights, float[] bias, int kernel, int stride, int padding)
    implements Layer {
  private static final int AT_A_TIME =
      16; // outputs per product, so that their windows fit the cache

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
  public Object[] parts() {
    return new Object[] {weights, bias, kernel, stride, padding};
  }

  @Override
  public Prepared prepare() {
    Weights prepared = Kernels.weights(weights);
    return streams -> new ConvStreams(prepared, streams);
  }

  private final class ConvStreams implements Step {
    private final Weights prepared;
    private final float[][] windows =
        new float[AT_A_TIME][weights.length]; // inputs of the pending outputs
    private final float[][] outputs = new float[AT_A_TIME][]; // pending, holding only the bias
    private int due; // pending outputs
    private final Recent[] recent;

    ConvStreams(Weights prepared, int streams) {
      this.prepared = prepared;
      recent = new Recent[streams];
      Arrays.setAll(recent, stream -> new Recent());
    }

    @Override
    public void run(StepBatch in, StepBatch out) {
      out.clear();
      for (int i = 0; i < in.count; i++) {
        int stream = in.streams[i];
        if (recent[stream].add(in.rows[i])) {
          outputs[due] = out.add(stream);
          System.arraycopy(bias, 0, outputs[due], 0, bias.length);
          recent[stream].gather(windows[due++]);
          if (due == AT_A_TIME) {
            multiply();
          }
        }
      }
      multiply();
    }

    private void multiply() {
      prepared.addProduct(windows, outputs, due);
      due = 0;
    }

    @Override
    public void state(Snapshot snapshot) {
      for (Recent one : recent) {
        one.state(snapshot);
      }
    }

    @Override
    public void reset(int stream) {
      recent[stream].reset();
    }
  }

  /** The last frames of one stream. */
  private final class Recent {
    private final float[][] frames = new float[kernel][inputs()]; // ring buffer
    private int next; // index of the oldest frame
    private int missing = kernel - padding; // frames until the next output

    /** Takes a frame; returns true if it completes an output. */
    boolean add(float[] frame) {
      System.arraycopy(frame, 0, frames[next], 0, frame.length);
      next = next + 1 == kernel ? 0 : next + 1;
      if (--missing > 0) {
        return false;
      }
      missing = stride;
      return true;
    }

    void gather(float[] window) {
      int at = 0;
      for (int tap = 0; tap < kernel; tap++) {
        float[] frame = frames[(next + tap) % kernel];
        System.arraycopy(frame, 0, window, at, frame.length);
        at += frame.length;
      }
    }

    void state(Snapshot snapshot) {
      snapshot.values(frames);
      next = snapshot.number(next);
      missing = snapshot.number(missing);
    }

    void reset() {
      for (float[] frame : frames) {
        Arrays.fill(frame, 0f);
      }
      next = 0;
      missing = kernel - padding;
    }
  }

  /**
   * Puts given steps before each stream: padding other than zeros.
   *
   * @param steps [count][values], oldest first
   */
  public record Lead(float[][] steps) implements Layer {
    /** Checks the shape. */
    public Lead {
      if (steps.length == 0) {
        throw new IllegalArgumentException("steps=0, expected at least one");
      }
      Layer.checkShape("steps", steps, steps.length, steps[0].length);
    }

    @Override
    public int inputs() {
      return steps[0].length;
    }

    @Override
    public int outputs() {
      return steps[0].length;
    }

    @Override
    public int padding() {
      return steps.length;
    }

    @Override
    public long parameters() {
      return 0;
    }

    @Override
    public Prepared prepare() {
      return LeadStreams::new;
    }

    @Override
    public Object[] parts() {
      return new Object[] {steps};
    }

    private final class LeadStreams implements Step {
      private final boolean[] begun;

      LeadStreams(int streams) {
        begun = new boolean[streams];
      }

      @Override
      public void run(StepBatch in, StepBatch out) {
        out.clear();
        for (int i = 0; i < in.count; i++) {
          int stream = in.streams[i];
          if (!begun[stream]) {
            begun[stream] = true;
            for (float[] step : steps) {
              System.arraycopy(step, 0, out.add(stream), 0, step.length);
            }
          }
          System.arraycopy(in.rows[i], 0, out.add(stream), 0, steps[0].length);
        }
      }

      @Override
      public void state(Snapshot snapshot) {
        for (int stream = 0; stream < begun.length; stream++) {
          begun[stream] = snapshot.flag(begun[stream]);
        }
      }

      @Override
      public void reset(int stream) {
        begun[stream] = false;
      }
    }
  }
}
