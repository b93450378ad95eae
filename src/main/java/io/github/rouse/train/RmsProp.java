package io.github.rouse.train;

import java.util.List;

/**
 * RMSProp (Tieleman and Hinton 2012): {@code s = decay * s + (1 - decay) * g^2; w -= rate * g /
 * (sqrt(s) + epsilon)}.
 */
final class RmsProp implements Optimiser {
  private static final float EPSILON = 1e-7f;

  private final List<Parameter> parameters;
  private final float decay;
  private final List<float[]> squares;

  /** With the lecture's decay of 0.9. */
  RmsProp(List<Parameter> parameters) {
    this(parameters, 0.9);
  }

  RmsProp(List<Parameter> parameters, double decay) {
    this.parameters = parameters;
    this.decay = (float) decay;
    squares = Optimiser.zeros(parameters);
  }

  @Override
  public void step(double learningRate) {
    float rate = (float) learningRate;
    for (int k = 0; k < parameters.size(); k++) {
      float[] w = parameters.get(k).value();
      float[] g = parameters.get(k).gradient();
      float[] s = squares.get(k);
      for (int i = 0; i < w.length; i++) {
        s[i] = decay * s[i] + (1 - decay) * g[i] * g[i];
        w[i] -= rate * g[i] / ((float) Math.sqrt(s[i]) + EPSILON);
      }
    }
  }

  @Override
  public List<float[]> state() {
    return squares;
  }
}
