// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Layer;
import java.util.ArrayList;
import java.util.List;

/** Trains {@link Bidirectional}: two layers, one of them over reversed time. */
public final class BidirectionalGradient implements LayerGradient {
  private final LayerGradient ahead;
  private final LayerGradient back;
  private SequenceBatch reversed; // in
  private SequenceBatch out; // [steps][clips][forward outputs, backward outputs]
  private SequenceBatch aheadGradient; // of the outputs of each half
  private SequenceBatch backGradient;
  private int aheadWidth;

  public BidirectionalGradient(LayerGradient ahead, LayerGradient back) {
    this.ahead = ahead;
    this.back = back;
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    reversed = SequenceBatch.sized(reversed, in.steps(), in.clips(), in.width());
    copyColumns(in, 0, reversed, 0, in.width(), true);
    SequenceBatch a = ahead.forward(in, training);
    SequenceBatch b = back.forward(reversed, training);
    aheadWidth = a.width();
    out = SequenceBatch.sized(out, in.steps(), in.clips(), a.width() + b.width());
    copyColumns(a, 0, out, 0, a.width(), false);
    copyColumns(b, 0, out, a.width(), b.width(), true);
    return out;
  }

  /** Copies {@code width} values of each step, optionally reversing time. */
  private static void copyColumns(
      SequenceBatch from,
      int fromColumn,
      SequenceBatch to,
      int toColumn,
      int width,
      boolean mirror) {
    for (int t = 0; t < from.steps(); t++) {
      int s = mirror ? from.steps() - 1 - t : t;
      for (int clip = 0; clip < from.clips(); clip++) {
        int source = (t * from.clips() + clip) * from.width() + fromColumn;
        int target = (s * to.clips() + clip) * to.width() + toColumn;
        System.arraycopy(from.data(), source, to.data(), target, width);
      }
    }
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    int backWidth = out.width() - aheadWidth;
    aheadGradient = SequenceBatch.sized(aheadGradient, out.steps(), out.clips(), aheadWidth);
    backGradient = SequenceBatch.sized(backGradient, out.steps(), out.clips(), backWidth);
    copyColumns(outGradient, 0, aheadGradient, 0, aheadWidth, false);
    copyColumns(outGradient, aheadWidth, backGradient, 0, backWidth, true);
    SequenceBatch sum = ahead.backward(aheadGradient, needed);
    SequenceBatch mirrored = back.backward(backGradient, needed);
    if (!needed) {
      return null;
    }
    int step = sum.clips() * sum.width();
    for (int t = 0; t < sum.steps(); t++) {
      int mirror = (sum.steps() - 1 - t) * step;
      for (int i = 0; i < step; i++) {
        sum.data()[t * step + i] += mirrored.data()[mirror + i];
      }
    }
    return sum;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(ahead.parameters());
    all.addAll(back.parameters());
    return all;
  }

  @Override
  public Layer trained() {
    return new Bidirectional(ahead.trained(), back.trained());
  }
}
