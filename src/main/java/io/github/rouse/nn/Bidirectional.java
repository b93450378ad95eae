// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.Arrays;
import java.util.Collections;

/**
 * Two recurrent layers over a whole clip, one of them backwards; each output step concatenates
 * their values, forward first. Cannot stream: the backward half starts at the end of the sound.
 *
 * @param forward reads the clip from its start
 * @param backward reads the clip from its end
 */
public record Bidirectional(Layer forward, Layer backward) implements Layer {
  /** Checks that both halves are recurrent layers over the same inputs. */
  public Bidirectional {
    for (Layer half : new Layer[] {forward, backward}) {
      if (!(half instanceof RecurrentLayer)) {
        throw new IllegalArgumentException(
            "half=" + half.getClass().getSimpleName() + ", expected a recurrent layer");
      }
    }
    if (forward.inputs() != backward.inputs()) {
      throw new IllegalArgumentException(
          "backward.inputs=" + backward.inputs() + ", expected " + forward.inputs());
    }
  }

  @Override
  public int inputs() {
    return forward.inputs();
  }

  @Override
  public int outputs() {
    return forward.outputs() + backward.outputs();
  }

  @Override
  public long parameters() {
    return forward.parameters() + backward.parameters();
  }

  @Override
  public Prepared prepare() {
    throw new IllegalArgumentException(
        "a bidirectional layer reads the clip from its end as well, so it cannot run on a live"
            + " stream; use it on whole clips");
  }

  /** Runs both halves over a whole clip, [steps][inputs] to [steps][outputs]. */
  @Override
  public float[][] forward(float[][] in) {
    int steps = in.length;
    float[][] reversed = in.clone();
    Collections.reverse(Arrays.asList(reversed));
    float[][] ahead = forward.forward(in);
    float[][] back = backward.forward(reversed);
    float[][] out = new float[steps][outputs()];
    for (int t = 0; t < steps; t++) {
      System.arraycopy(ahead[t], 0, out[t], 0, ahead[t].length);
      float[] b = back[steps - 1 - t];
      System.arraycopy(b, 0, out[t], ahead[t].length, b.length);
    }
    return out;
  }
}
