// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Packages are rooms. This table says which rooms each one may use, besides what those may use
 * themselves.
 */
class RoomsTest {
  private static final String HOUSE = "io.github.rouse";
  private static final String ROOT = "(root)";
  private static final int MOST_FILES = 25; // of a room: what one person keeps in mind

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("state", Set.of()),
          Map.entry("audio", Set.of("file", "kernel", "state")),
          Map.entry("audio.tarsos", Set.of("audio")),
          Map.entry("audio.lossless", Set.of("audio")),
          Map.entry("audio.codec", Set.of("audio", "library")),
          Map.entry("audio.ffmpeg", Set.of("audio")),
          Map.entry("audio.capture", Set.of("audio")),
          Map.entry("feature", Set.of("audio")),
          Map.entry("kernel", Set.of()),
          Map.entry("kernel.vector", Set.of("kernel")),
          Map.entry("file", Set.of()),
          Map.entry("library", Set.of()),
          Map.entry("nn", Set.of("kernel", "state")),
          Map.entry("trigger", Set.of("state")),
          Map.entry("yaml", Set.of()),
          Map.entry("model.onnx", Set.of("nn")),
          Map.entry("model.keras", Set.of("file", "library", "model.onnx")),
          Map.entry("model.foreign", Set.of("library", "model.onnx")),
          Map.entry("model.openwakeword", Set.of("feature", "model.onnx")),
          Map.entry("model.export", Set.of("feature", "model.onnx")),
          Map.entry("model", Set.of("file", "model.export", "model.foreign", "trigger")),
          Map.entry("engine", Set.of("model")),
          Map.entry("detect", Set.of("audio", "model")),
          Map.entry(ROOT, Set.of("detect", "audio.capture")),
          Map.entry("serve", Set.of("file", ROOT)),
          Map.entry("serve.wyoming", Set.of("library", "serve")),
          Map.entry("serve.mqtt", Set.of("actions", "library", "serve")),
          Map.entry("train.backprop", Set.of("nn")),
          Map.entry("train.optim", Set.of("train.backprop")),
          Map.entry("train.recipe", Set.of("feature", "trigger", "yaml")),
          Map.entry("train.data", Set.of("audio", "file", "train.backprop", "train.data.augment")),
          Map.entry("train.data.augment", Set.of("feature", "kernel", "train.recipe")),
          Map.entry("train", Set.of(ROOT, "train.data", "train.optim")),
          Map.entry("train.verifier", Set.of("train")),
          Map.entry("train.encoder", Set.of("engine", "train")),
          Map.entry("train.pronounce", Set.of("pronounce", "train")),
          Map.entry("train.language", Set.of("pronounce", "train")),
          Map.entry("pronounce", Set.of("model")),
          Map.entry("train.phones", Set.of("phones", "train")),
          Map.entry("phones", Set.of("pronounce")),
          Map.entry("enrol", Set.of("train")),
          Map.entry("speak", Set.of()),
          Map.entry("advice", Set.of("pronounce", "speak")),
          Map.entry("eval", Set.of(ROOT, "engine", "phones")),
          Map.entry("eval.report", Set.of("eval")),
          Map.entry("actions", Set.of("audio.capture", "library", "model", "yaml")),
          Map.entry("review", Set.of("actions", ROOT)),
          Map.entry("cli.output", Set.of("actions", "advice", "eval.report", "train")),
          Map.entry("cli.options", Set.of("cli.output")),
          Map.entry(
              "cli.models",
              Set.of(
                  "audio.ffmpeg",
                  "cli.options",
                  "enrol",
                  "model.keras",
                  "review",
                  "model.openwakeword",
                  "train.encoder",
                  "train.language",
                  "train.phones",
                  "train.pronounce",
                  "train.verifier")),
          Map.entry("serve.web", Set.of("enrol", "review", "serve", "speak")),
          Map.entry("cli.guide", Set.of("cli.models", "serve.web", "serve.wyoming")),
          Map.entry("cli.service", Set.of("cli.options")),
          Map.entry("cli", Set.of("cli.guide", "cli.service", "serve.mqtt")));

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE);

  @Test
  void theTableNamesTheRoomsThatExist() {
    Map<String, Long> files =
        CLASSES.stream()
            .filter(type -> !type.isNestedClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(RoomsTest::room, Collectors.counting()));
    assertEquals(new TreeSet<>(MAY_USE.keySet()), new TreeSet<>(files.keySet()));
    files.values().forEach(count -> assertTrue(count <= MOST_FILES, files::toString));
  }

  @TestFactory
  Stream<DynamicTest> aRoomUsesOnlyTheRoomsItMay() {
    return MAY_USE.keySet().stream()
        .map(room -> DynamicTest.dynamicTest(room, () -> onlyUses(room, reachable(room))));
  }

  /** What a room may use, and what those rooms may use. */
  private static Set<String> reachable(String room) {
    Set<String> all = new HashSet<>(MAY_USE.get(room));
    MAY_USE.get(room).forEach(used -> all.addAll(reachable(used)));
    return all;
  }

  private static void onlyUses(String room, Set<String> allowed) {
    noClasses()
        .that(liveIn(Set.of(room)))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "live in other rooms than " + allowed,
                type -> isOurs(type) && !room(type).equals(room) && !allowed.contains(room(type))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void roomsFormNoCycles() {
    slices()
        .assignedFrom(new Rooms())
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Of top-level classes; a sealed interface and what it permits are no circle to a reader. */
  @Test
  void classesFormNoCircles() {
    Map<JavaClass, Set<JavaClass>> uses = new HashMap<>();
    for (JavaClass type : CLASSES) {
      uses.computeIfAbsent(outermost(type), unused -> new HashSet<>())
          .addAll(
              type.getDirectDependenciesFromSelf().stream()
                  .map(dependency -> outermost(dependency.getTargetClass().getBaseComponentType()))
                  .filter(used -> isOurs(used) && !used.equals(outermost(type)))
                  .toList());
    }
    List<JavaClass> done = new ArrayList<>();
    for (JavaClass type : uses.keySet()) {
      assertNoCircle(type, uses, new ArrayList<>(), done);
    }
  }

  private static void assertNoCircle(
      JavaClass type,
      Map<JavaClass, Set<JavaClass>> uses,
      List<JavaClass> path,
      List<JavaClass> done) {
    assertFalse(path.contains(type), () -> "circle: " + path + " and back to " + type);
    if (!done.contains(type)) {
      path.add(type);
      uses.getOrDefault(type, Set.of()).forEach(used -> assertNoCircle(used, uses, path, done));
      path.remove(path.size() - 1);
      done.add(type);
    }
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(RoomsTest::outermost).orElse(type);
  }

  @Test
  void librariesStayInTheirRooms() {
    onlyIn(Set.of("audio.capture"), "javax.sound..");
    onlyIn(Set.of("audio.codec"), "javazoom..", "com.jcraft..");
    onlyIn(Set.of("audio.codec"), "io.github.jaredmdobson..", "net.sourceforge.jaad..");
    onlyIn(Set.of("audio.tarsos"), "be.tarsos..");
    onlyIn(Set.of("feature"), "org.jtransforms..");
    onlyIn(Set.of("engine"), "ai.onnxruntime..");
    onlyIn(Set.of("model.keras"), "io.jhdf..");
    onlyIn(Set.of("serve.wyoming"), "javax.jmdns..");
    onlyIn(Set.of("serve.mqtt"), "org.eclipse.paho..");
    onlyIn(Set.of("yaml", "train.recipe", "actions"), "org.yaml..");
    onlyIn(Set.of("serve.web"), "org.eclipse.jetty..", "io.micrometer..");
    onlyIn(Set.of("kernel.vector"), "jdk.incubator..");
    onlyIn(
        Set.of(
            "model",
            "model.onnx",
            "model.export",
            "model.foreign",
            "model.keras",
            "model.openwakeword",
            "engine"),
        "ai.onnx..",
        "com.google.protobuf..");
  }

  private static void onlyIn(Set<String> rooms, String... packages) {
    noClasses()
        .that(DescribedPredicate.not(liveIn(rooms)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyCliPrintsAndExits() {
    noClasses()
        .that(
            DescribedPredicate.not(
                liveIn(Set.of("cli", "cli.models", "cli.options", "cli.output", "cli.service"))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> liveIn(Set<String> rooms) {
    return DescribedPredicate.describe("live in " + rooms, type -> rooms.contains(room(type)));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(HOUSE) || type.getPackageName().startsWith(HOUSE + ".");
  }

  private static String room(JavaClass type) {
    if (!isOurs(type)) {
      return "";
    }
    String below = type.getPackageName().substring(HOUSE.length());
    return below.isEmpty() ? ROOT : below.substring(1);
  }

  private static final class Rooms implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return isOurs(type) ? SliceIdentifier.of(room(type)) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "rooms";
    }
  }
}
