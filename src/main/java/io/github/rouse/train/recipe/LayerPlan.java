// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import java.util.List;

/** One layer of a recipe's network. */
public sealed interface LayerPlan {
  /** The recurrent kinds. */
  List<String> RECURRENT =
      List.of("rnn", "gru", "gru-before", "gru-simple", "lstm", "lstm-peephole");

  /** The compact network for real use, about 230,000 parameters. */
  List<LayerPlan> COMPACT =
      List.of(
          Conv.DEFAULT,
          new Norm(),
          new Relu(),
          new Dropout(0.1f),
          new Recurrent("gru", 128),
          new Dropout(0.1f),
          new Recurrent("gru", 128));

  /** The textbook's network, about 520,000 parameters. */
  List<LayerPlan> CLASSIC =
      List.of(
          new Conv(196, 15, 4),
          new Norm(),
          new Relu(),
          new Dropout(0.2f),
          new Recurrent("gru", 128),
          new Dropout(0.2f),
          new Norm(),
          new Recurrent("gru", 128),
          new Dropout(0.2f),
          new Norm());

  /** Causal convolution over time; kernel and stride in frames. */
  record Conv(int filters, int kernel, int stride) implements LayerPlan {
    /** The convolution of {@link #COMPACT}. */
    static final Conv DEFAULT = new Conv(128, 5, 3);

    /** Checks the values. */
    public Conv {
      Range.check("filters", filters, 1, 4096);
      Range.check("kernel", kernel, 1, 1000);
      Range.check("stride", stride, 1, 1000);
    }
  }

  /** Batch normalisation. */
  record Norm() implements LayerPlan {}

  /** Rectified linear unit. */
  record Relu() implements LayerPlan {}

  /** Dropout, during training only. */
  record Dropout(float rate) implements LayerPlan {
    /** Checks the value. */
    public Dropout {
      Range.check("dropout", rate, 0, 0.95);
    }
  }

  /**
   * A recurrent layer.
   *
   * @param kind one of {@link #RECURRENT}
   */
  record Recurrent(String kind, int units) implements LayerPlan {
    /** Checks the values. */
    public Recurrent {
      if (!RECURRENT.contains(kind)) {
        throw new IllegalArgumentException("kind=" + kind + ", expected one of " + RECURRENT);
      }
      Range.check(kind, units, 1, 4096);
    }
  }
}
