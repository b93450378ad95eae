// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PassesTest {
  private static Passes<Integer> passes() {
    return new Passes<>(
        7,
        seed -> {
          List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8));
          Collections.shuffle(order, new Random(seed));
          return List.of(order.subList(0, 3), order.subList(3, 6), order.subList(6, 9));
        });
  }

  @Test
  void everyPassHasEveryExampleOnceInAnotherOrder() {
    Passes<Integer> passes = passes();
    List<List<Integer>> orders = new ArrayList<>();
    for (int pass = 0; pass < 4; pass++) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        order.addAll(passes.batch(3 * pass + i));
      }
      assertEquals(9, new TreeSet<>(order).size());
      orders.add(order);
    }
    assertNotEquals(orders.get(0), orders.get(1));
  }

  @Test
  void aBatchDependsOnItsNumberAlone() {
    Passes<Integer> passes = passes();
    for (int number : new int[] {0, 1, 5, 11, 30}) {
      assertEquals(passes.batch(number), passes().batch(number));
    }
  }
}
