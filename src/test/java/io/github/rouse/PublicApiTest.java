// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code docs/public-api.txt} names the types that programs may use. */
class PublicApiTest {
  private static final String ROOT = "io.github.rouse";
  private static final Path LIST = Path.of("docs/public-api.txt");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final String OPAQUE = "opaque ";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private final Set<String> listed = new TreeSet<>();
  private final Set<String> opaque = new TreeSet<>();

  PublicApiTest() throws IOException {
    for (String line : Files.readAllLines(LIST)) {
      if (line.startsWith(OPAQUE)) {
        opaque.add(line.substring(OPAQUE.length()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        listed.add(line);
      }
    }
  }

  @Test
  void everyPublicTypeOfTheRootPackageIsListed() {
    Set<String> root = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (type.getPackageName().equals(ROOT) && isPublic(type.getModifiers())) {
        root.add(type.getName());
      }
    }
    root.removeAll(listed);
    assertEquals(Set.of(), root);
  }

  @TestFactory
  Stream<DynamicTest> aListedTypeIsPublicAndNamesOnlyListedTypes() {
    return listed.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private void check(String name) {
    JavaClass type = CLASSES.get(name);
    assertTrue(isPublic(type.getModifiers()), "public");
    Set<String> others = new TreeSet<>(namedBy(type));
    others.removeAll(listed);
    others.removeAll(opaque);
    assertEquals(Set.of(), others);
  }

  @Test
  void everyOpaqueTypeIsNamedByAListedOne() {
    Set<String> unused = new TreeSet<>(opaque);
    listed.forEach(name -> unused.removeAll(namedBy(CLASSES.get(name))));
    assertEquals(Set.of(), unused);
  }

  /** The types in a type's public signatures, without those of the JDK. */
  private static Set<String> namedBy(JavaClass type) {
    Set<JavaType> types = new HashSet<>(type.getRawInterfaces());
    type.getRawSuperclass().ifPresent(types::add);
    for (JavaMember member : type.getMembers()) {
      if (!isPublic(member.getModifiers())) {
        continue;
      }
      if (member instanceof JavaField field) {
        types.add(field.getType());
      } else if (member instanceof JavaCodeUnit code) {
        types.add(code.getReturnType());
        types.addAll(code.getParameterTypes());
        types.addAll(code.getExceptionTypes());
      }
    }
    Set<String> names = new TreeSet<>();
    for (JavaType named : types) {
      for (JavaClass raw : named.getAllInvolvedRawTypes()) {
        JavaClass base = raw.getBaseComponentType();
        if (!base.isPrimitive() && !base.getPackageName().startsWith("java.")) {
          names.add(base.getName());
        }
      }
    }
    return names;
  }

  private static boolean isPublic(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) && !modifiers.contains(JavaModifier.SYNTHETIC);
  }

  @TestFactory
  Stream<DynamicTest> aRoomSaysWhetherItIsInternal() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> rooms =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(Path::getParent)
              .filter(room -> !packageOf(room).equals(ROOT))
              .toList();
      return rooms.stream()
          .map(room -> DynamicTest.dynamicTest(packageOf(room), () -> checkSays(room)));
    }
  }

  private void checkSays(Path room) throws IOException {
    String expected =
        listed.stream().anyMatch(type -> CLASSES.get(type).getPackageName().equals(packageOf(room)))
            ? "Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal."
            : "This package is internal and may change in any release.";
    String says =
        Files.readString(room.resolve("package-info.java")).replaceAll("\\s*\\n \\* *", " ");
    assertTrue(says.contains(expected), () -> "expected: " + expected);
  }

  private static String packageOf(Path room) {
    return SOURCES.relativize(room).toString().replace('/', '.').replace('\\', '.');
  }
}
