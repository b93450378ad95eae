// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ChartTest {
  @Test
  void ticksAreRoundAndWithinTheAxis() {
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0), axis(0, 90, false).ticks());
    assertEquals(List.of(0.1, 0.2, 0.5, 1.0, 2.0), axis(0.1, 3, true).ticks(), "1, 2, 5");
    assertEquals(4, axis(1, 1000, true).ticks().size(), "decades");
    assertTrue(axis(0, 1e-3, false).ticks().size() >= 4);
  }

  @Test
  void anAxisWithoutLengthIsRejected() {
    double nan = Double.NaN;
    double infinite = Double.POSITIVE_INFINITY;
    for (double[] ends : new double[][] {{0, nan}, {nan, 1}, {1, infinite}, {1, 1}, {2, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> axis(ends[0], ends[1], false));
      assertThrows(IllegalArgumentException.class, () -> axis(ends[0], ends[1], true));
    }
    assertThrows(IllegalArgumentException.class, () -> axis(0, 1, true));
  }

  @Test
  void positionsAreSharesOfTheAxisClampedToItsEnds() {
    assertEquals(0.5, axis(1, 100, true).place(10), 1e-9);
    assertEquals(0, axis(1, 100, true).place(0));
    assertEquals(0.25, axis(0, 40, false).place(10));
    assertEquals(1, axis(0, 40, false).place(50));
  }

  @Test
  void aChartIsWellFormedForAnyText() throws Exception {
    String svg =
        new Chart(new Chart.Axis("a < b & c", 0, 1, false), axis(0, 1, false), 200)
            .line("first", "<script>", new double[][] {{0.5, 0.5}})
            .svg("'quoted' \"title\"");
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    String text = document.getDocumentElement().getTextContent();
    assertTrue(text.contains("a < b & c") && text.contains("<script>"), text);
    // Margins are 64 left and 28 right of 640, so the middle is at 338. A dot is a line to itself.
    assertTrue(svg.contains("points='338.0,82.0 338.0,82.0 '"), svg);
  }

  private static Chart.Axis axis(double low, double high, boolean logarithmic) {
    return new Chart.Axis("axis", low, high, logarithmic);
  }
}
