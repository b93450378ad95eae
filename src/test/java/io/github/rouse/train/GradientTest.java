package io.github.rouse.train;

import io.github.rouse.nn.Gru;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientTest {
  @Test
  void dense() {
    try (Workers workers = new Workers(2)) {
      GradientCheck.check(new DenseGradient("dense", 7, 5, workers), 4, 3, 7, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Gru.Reset.class)
  void gru(Gru.Reset reset) {
    try (Workers workers = new Workers(2)) {
      GradientCheck.check(new GruGradient("gru", reset, 6, 9, 0, workers), 7, 3, 6, 2);
    }
  }
}
