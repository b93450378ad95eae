package io.github.rouse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The packages are rooms, and this table says which other rooms each may use. */
class RoomsTest {
  private static final String HOUSE = "io.github.rouse";
  private static final String ROOT = "(root)";

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry(ROOT, Set.of("audio", "feature", "nn", "trigger", "model")),
          Map.entry("audio", Set.of()),
          Map.entry("feature", Set.of()),
          Map.entry("kernel", Set.of()),
          Map.entry("nn", Set.of("kernel")),
          Map.entry("trigger", Set.of()),
          Map.entry("model", Set.of("feature", "nn", "trigger")),
          Map.entry("train", Set.of(ROOT, "audio", "feature", "kernel", "nn", "trigger", "model")),
          Map.entry("advice", Set.of("train")),
          Map.entry("eval", Set.of(ROOT, "audio", "feature", "kernel", "nn", "trigger", "model")),
          Map.entry("serve", Set.of(ROOT, "audio", "trigger", "model")),
          Map.entry("spark", Set.of(ROOT, "audio", "model")),
          Map.entry(
              "cli",
              Set.of(
                  ROOT, "audio", "feature", "kernel", "nn", "trigger", "model", "train", "advice",
                  "eval", "serve", "spark")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE);

  @Test
  void everyClassLivesInARoomOfTheTable() {
    List<String> homeless =
        CLASSES.stream()
            .filter(type -> !MAY_USE.containsKey(room(type)))
            .map(JavaClass::getName)
            .toList();
    assertTrue(homeless.isEmpty(), () -> "in no room of the table: " + homeless);
    assertTrue(CLASSES.size() > 0, "no class was imported, so nothing was checked");
  }

  @TestFactory
  Stream<DynamicTest> aRoomUsesOnlyTheRoomsItMay() {
    return MAY_USE.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> onlyUses(entry.getKey(), entry.getValue())));
  }

  private static void onlyUses(String room, Set<String> allowed) {
    noClasses()
        .that(liveIn(room))
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

  @Test
  void javaxSoundAndTarsosDspStayInAudio() {
    onlyIn("audio", "javax.sound..", "be.tarsos..");
  }

  @Test
  void jTransformsStaysInFeature() {
    onlyIn("feature", "org.jtransforms..");
  }

  @Test
  void protobufHdf5AndOnnxRuntimeStayInModel() {
    onlyIn("model", "ai.onnx..", "com.google.protobuf..", "io.jhdf..", "ai.onnxruntime..");
  }

  private static void onlyIn(String room, String... packages) {
    noClasses()
        .that(DescribedPredicate.not(liveIn(room)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyCliPrintsAndExits() {
    noClasses()
        .that(DescribedPredicate.not(liveIn("cli")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> liveIn(String room) {
    return DescribedPredicate.describe("live in " + room, type -> room(type).equals(room));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(HOUSE) || type.getPackageName().startsWith(HOUSE + ".");
  }

  /** The first package name below the house; packages within a room belong to it. */
  private static String room(JavaClass type) {
    if (!isOurs(type)) {
      return "";
    }
    String below = type.getPackageName().substring(HOUSE.length());
    return below.isEmpty() ? ROOT : below.substring(1).split("\\.", 2)[0];
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
