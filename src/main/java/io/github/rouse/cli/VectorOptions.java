// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.kernel.Kernels;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Finds the Java options that give the launcher the Vector API without a warning on stderr.
 *
 * <p>A JVM warns of each incubator module that it resolves, before {@code main}, and has no option
 * against that. So the module's classes are copied to a jar on the boot class path, where HotSpot
 * heeds their {@code ForceInline} as before. When the JVM defines the module, it also adds exports
 * and sets compiler flags (HotSpot's {@code Modules::define_module}); the options do the same.
 */
final class VectorOptions {
  private static final String MODULE = "jdk.incubator.vector";
  private static final List<String> FLAGS = // without Reboxing, products take 60 times as long
      List.of(
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableVectorSupport",
          "-XX:+EnableVectorReboxing",
          "-XX:+EnableVectorAggressiveReboxing");

  private VectorOptions() {}

  /**
   * Given a file, copies the module to it as a jar and prints the options; prints none if this Java
   * lacks the module. Without arguments, checks that the kernels can use what the options give.
   */
  public static void main(String[] args) throws IOException {
    Optional<ModuleReference> module = ModuleFinder.ofSystem().find(MODULE);
    if (args.length == 0) {
      System.exit(module.isEmpty() || Kernels.description().startsWith("vector") ? 0 : 1);
    } else if (module.isPresent()) {
      Path jar = Path.of(args[0]).toAbsolutePath();
      AtomicFile.write(jar, out -> copy(module.get(), out));
      options(jar).forEach(option -> System.out.println(quoted(option)));
    }
  }

  private static void copy(ModuleReference module, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    try (ModuleReader reader = module.open()) {
      for (String name : reader.list().filter(name -> name.endsWith(".class")).sorted().toList()) {
        if (!name.equals("module-info.class")) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(reader.open(name).orElseThrow().readAllBytes());
        }
      }
    }
    zip.finish();
  }

  private static List<String> options(Path jar) {
    List<String> options = new ArrayList<>(FLAGS);
    options.add("-Xbootclasspath/a:" + jar);
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      for (ModuleDescriptor.Exports exports : module.descriptor().exports()) {
        if (exports.targets().contains(MODULE)) {
          options.add(
              "--add-exports="
                  + module.descriptor().name()
                  + "/"
                  + exports.source()
                  + "=ALL-UNNAMED");
        }
      }
    }
    return options;
  }

  /** For a file of arguments, as java reads it. */
  private static String quoted(String option) {
    return '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
