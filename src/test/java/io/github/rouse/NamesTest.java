// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A simple name, of a nested type too, stands for one thing in the whole house. */
class NamesTest {
  @Test
  void noTwoTypesHaveTheSameSimpleName() {
    Map<String, Set<String>> types =
        RoomsTest.CLASSES.stream()
            .filter(type -> !type.isAnonymousClass() && !type.getName().endsWith("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getName, Collectors.toCollection(TreeSet::new))));
    types.values().removeIf(named -> named.size() == 1);
    assertEquals(Map.of(), types);
  }
}
