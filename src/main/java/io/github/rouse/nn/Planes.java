// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * A layer in two dimensions, time and frequency. A step holds [bands][channels], lowest band first.
 * There is no padding in time, so a stream computes only what is new.
 */
public sealed interface Planes extends Layer permits Planes.Conv2d, Planes.MaxPool {

  /** Bands of a step that comes in. */
  int bands();

  /** Channels of each band that comes in. */
  default int channels() {
    return inputs() / bands();
  }

  /**
   * A convolution over time and frequency, with a stride of 1 in both and zeros beside the
   * outermost bands.
   *
   * @param weights [kernel * reach * channels][outputs of a band], oldest step first, lowest band
   *     first
   * @param bias [outputs of a band]
   * @param bands of a step
   * @param kernel in time, steps
   * @param reach in frequency, bands; odd
   */
  record Conv2d(float[][] weights, float[] bias, int bands, int kernel, int reach)
      implements Planes {
    private static final int AT_A_TIME = 32; // bands per product, so that their windows fit L1

    /** Checks the shapes. */
    public Conv2d {
      if (bands < 1 || kernel < 1 || reach < 1 || reach % 2 == 0) {
        throw new IllegalArgumentException(
            String.format(
                "bands=%d kernel=%d reach=%d, expected at least 1, an odd reach",
                bands, kernel, reach));
      }
      if (weights.length == 0 || weights.length % (kernel * reach) != 0) {
        throw new IllegalArgumentException(
            String.format(
                "kernel=%d times reach=%d does not divide weights.rows=%d",
                kernel, reach, weights.length));
      }
      Layer.checkShape("weights", weights, weights.length, bias.length);
    }

    @Override
    public int inputs() {
      return bands * (weights.length / (kernel * reach));
    }

    @Override
    public int outputs() {
      return bands * bias.length;
    }

    @Override
    public long parameters() {
      return (weights.length + 1L) * bias.length;
    }

    @Override
    public Prepared prepare() {
      Weights prepared = Kernels.weights(weights);
      return streams -> new PlaneStreams(prepared, streams);
    }

    @Override
    public Object[] parts() {
      return new Object[] {weights, bias, bands, kernel, reach};
    }

    private final class PlaneStreams implements Step {
      private final Weights prepared;
      private final float[][] windows = new float[AT_A_TIME][weights.length];
      private final float[][] sums = new float[AT_A_TIME][bias.length];
      private final float[][] rows = new float[AT_A_TIME][]; // that the sums belong to
      private final int[] places = new int[AT_A_TIME]; // in these rows
      private int due;
      private final RecentPlanes[] recent;

      PlaneStreams(Weights prepared, int streams) {
        this.prepared = prepared;
        recent = new RecentPlanes[streams];
        Arrays.setAll(recent, stream -> new RecentPlanes(kernel, inputs()));
      }

      @Override
      public void run(StepBatch in, StepBatch out) {
        out.clear();
        for (int i = 0; i < in.count; i++) {
          RecentPlanes steps = recent[in.streams[i]];
          if (steps.add(in.rows[i])) {
            float[] row = out.add(in.streams[i]);
            for (int band = 0; band < bands; band++) {
              gather(steps, band, windows[due]);
              System.arraycopy(bias, 0, sums[due], 0, bias.length);
              rows[due] = row;
              places[due++] = band * bias.length;
              if (due == AT_A_TIME) {
                multiply();
              }
            }
          }
        }
        multiply();
      }

      private void gather(RecentPlanes steps, int band, float[] window) {
        int channels = channels();
        int lowest = band - reach / 2;
        int from = Math.max(lowest, 0);
        int length = (Math.min(lowest + reach, bands) - from) * channels;
        int skipped = (from - lowest) * channels;
        int width = reach * channels;
        for (int k = 0; k < kernel; k++) {
          int at = k * width;
          Arrays.fill(window, at, at + skipped, 0f);
          System.arraycopy(steps.get(k), from * channels, window, at + skipped, length);
          Arrays.fill(window, at + skipped + length, at + width, 0f);
        }
      }

      private void multiply() {
        prepared.addProduct(windows, sums, due);
        for (int i = 0; i < due; i++) {
          System.arraycopy(sums[i], 0, rows[i], places[i], bias.length);
        }
        due = 0;
      }

      @Override
      public void state(Snapshot snapshot) {
        for (RecentPlanes one : recent) {
          one.state(snapshot);
        }
      }

      @Override
      public void reset(int stream) {
        recent[stream].reset();
      }
    }

    /** The last steps of one stream. */
    private static final class RecentPlanes {
      private final float[][] steps; // ring buffer
      private int next; // index of the oldest step
      private int missing; // steps until the next output

      RecentPlanes(int kernel, int width) {
        steps = new float[kernel][width];
        missing = kernel;
      }

      /** Takes a step; returns true if it completes an output. */
      boolean add(float[] step) {
        System.arraycopy(step, 0, steps[next], 0, step.length);
        next = next + 1 == steps.length ? 0 : next + 1;
        missing = Math.max(0, missing - 1);
        return missing == 0;
      }

      /** A step, counted from the oldest. */
      float[] get(int step) {
        return steps[(next + step) % steps.length];
      }

      void state(Snapshot snapshot) {
        snapshot.values(steps);
        next = snapshot.number(next);
        missing = snapshot.number(missing);
      }

      void reset() {
        next = 0;
        missing = steps.length;
      }
    }
  }

  /**
   * The largest value of each channel in blocks of steps and bands that do not overlap; steps and
   * bands that fill no block are dropped.
   *
   * @param bands of a step that comes in
   * @param channels of each band
   * @param kernel steps in a block
   * @param reach bands in a block
   */
  record MaxPool(int bands, int channels, int kernel, int reach) implements Planes {
    /** Checks the sizes. */
    public MaxPool {
      if (channels < 1 || kernel < 1 || reach < 1 || reach > bands) {
        throw new IllegalArgumentException(
            String.format(
                "bands=%d channels=%d kernel=%d reach=%d, expected at least 1, reach up to bands",
                bands, channels, kernel, reach));
      }
    }

    @Override
    public int stride() {
      return kernel;
    }

    @Override
    public int inputs() {
      return bands * channels;
    }

    @Override
    public int outputs() {
      return bands / reach * channels;
    }

    @Override
    public long parameters() {
      return 0;
    }

    @Override
    public Prepared prepare() {
      return PoolStreams::new;
    }

    private final class PoolStreams implements Step {
      private final float[][] largest; // [streams][inputs], of the steps of a block so far
      private final int[] filled; // steps in the block

      PoolStreams(int streams) {
        largest = new float[streams][inputs()];
        filled = new int[streams];
      }

      @Override
      public void run(StepBatch in, StepBatch out) {
        out.clear();
        for (int i = 0; i < in.count; i++) {
          int stream = in.streams[i];
          float[] row = in.rows[i];
          float[] most = largest[stream];
          for (int v = 0; v < most.length; v++) {
            most[v] = filled[stream] == 0 ? row[v] : Math.max(most[v], row[v]);
          }
          if (++filled[stream] == kernel) {
            filled[stream] = 0;
            join(most, out.add(stream));
          }
        }
      }

      /** Takes the largest over the bands of each block. */
      private void join(float[] bands, float[] blocks) {
        for (int to = 0; to < blocks.length; to += channels) {
          System.arraycopy(bands, to * reach, blocks, to, channels);
          for (int b = 1; b < reach; b++) {
            int from = to * reach + b * channels;
            for (int c = 0; c < channels; c++) {
              blocks[to + c] = Math.max(blocks[to + c], bands[from + c]);
            }
          }
        }
      }

      @Override
      public void state(Snapshot snapshot) {
        snapshot.values(largest);
        snapshot.values(filled);
      }

      @Override
      public void reset(int stream) {
        filled[stream] = 0;
      }
    }
  }
}
