// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.audio.ffmpeg.FfmpegVersion;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.EngineSpeed;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.library.Library;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Signature;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.web.WebDoor;
import io.github.rouse.serve.wyoming.WyomingDoor;
import io.github.rouse.speak.Espeak;
import io.github.rouse.speak.SpokenSamples;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks what Rouse itself needs: Java, libraries, programs, models, ports. */
final class ProgramFindings {
  private static final String MODEL = "model";
  private static final int TURNS = 4; // of the speed test
  private static final double TURN_SECONDS = 0.25;
  private static final double MOST_REAL_TIME = 0.5; // of one core
  private static final Map<Integer, String> PORTS = ports();

  private ProgramFindings() {}

  private static Map<Integer, String> ports() {
    Map<Integer, String> ports = new LinkedHashMap<>();
    int wyoming = WyomingDoor.DEFAULT_PORT;
    int web = WebDoor.DEFAULT.port();
    ports.put(
        wyoming,
        "another wake-word server: `rouse serve --wyoming tcp://127.0.0.1:" + (wyoming + 1) + "`");
    ports.put(web, "another program: `rouse serve --web 127.0.0.1:" + (web + 1) + "`");
    return ports;
  }

  static List<Finding> ofJava() {
    List<Finding> findings = new ArrayList<>();
    Runtime runtime = Runtime.getRuntime();
    String version = ProgramFindings.class.getPackage().getImplementationVersion();
    findings.add(Finding.ok("rouse", version == null ? "(unpackaged)" : version));
    findings.add(
        Finding.ok(
            "java",
            String.format(
                Locale.ROOT,
                "%s, %s, %d processors, %d MB of heap at most",
                Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20)));
    boolean hasVectors = ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent();
    findings.add(
        hasVectors
            ? Finding.ok("kernels", Kernels.description())
            : Finding.warning(
                "kernels",
                Kernels.description() + "; this Java lacks the Vector API",
                "training and enrolment are faster with a complete JDK"));
    List<String> missing = new ArrayList<>();
    for (Library library : Library.values()) {
      try {
        library.require();
      } catch (IllegalStateException e) {
        missing.add(e.getMessage());
      }
    }
    findings.add(
        Finding.ok(
            "libraries", missing.isEmpty() ? "all are there" : "some commands lack: " + missing));
    findings.add(
        Espeak.installed()
            ? Finding.ok("programs", "espeak-ng is there; " + FfmpegVersion.line())
            : Finding.warning(
                "programs",
                "espeak-ng is not installed: advise guesses the stress, enroll and new have "
                    + (SpokenSamples.available()
                        ? "only flite's four voices; "
                        : "no synthetic voices; ")
                    + FfmpegVersion.line(),
                "apt install espeak-ng"));
    return findings;
  }

  /**
   * Reads models.
   *
   * @param files the models of {@code listen}: one that cannot be read is a fault
   * @param own further models, of {@code serve}: one that cannot be read is a warning
   */
  static List<Finding> ofModels(List<Path> files, List<Path> own) {
    List<Finding> findings = new ArrayList<>();
    List<WakeModel> read = new ArrayList<>();
    files.forEach(file -> findings.add(ofModel(file, true, read)));
    own.forEach(file -> findings.add(ofModel(file, false, read)));
    if (files.isEmpty()) {
      findings.add(
          Finding.fault(
              MODEL,
              "none in models/",
              "give one with --model FILE, or make one: `rouse new \"hey nova\"`"));
    }
    read.stream()
        .filter(model -> !model.requiresOnnxRuntime())
        .findFirst()
        .ifPresent(model -> findings.add(0, ofEngine(model)));
    return findings;
  }

  private static Finding ofEngine(WakeModel model) {
    EngineSpeed speed = EngineSpeed.of(model, List.of(Engine.NATIVE), TURNS, TURN_SECONDS).get(0);
    String text =
        String.format(
            Locale.ROOT,
            "native; %s takes %.1f %% of one core",
            model.name(),
            100 * speed.realTimeFactor());
    return speed.realTimeFactor() < MOST_REAL_TIME
        ? Finding.ok("engine", text)
        : Finding.warning(
            "engine", text, "listen for fewer models: --model NAME; `rouse bench` measures each");
  }

  private static Finding ofModel(Path file, boolean isUsed, List<WakeModel> read) {
    WakeModel model;
    boolean isSigned;
    try {
      model = WakeModel.read(file);
      isSigned = Signature.claimed(file);
    } catch (IOException | IllegalStateException e) {
      String remedy = "copy it again, or move it elsewhere; `rouse info` shows more";
      return isUsed
          ? Finding.fault(MODEL, Console.describe(e), remedy)
          : Finding.warning(MODEL, Console.describe(e), remedy);
    }
    read.add(model);
    String text =
        String.format(
            Locale.ROOT,
            "%s: %s; %d Hz, threshold %.3f, %s",
            file.getFileName(),
            String.join(", ", model.words()),
            model.features().sampleRate(),
            model.policy().threshold(),
            isSigned ? "signed" : "not signed");
    return model.calibration().isPresent()
        ? Finding.ok(MODEL, text + ", calibrated")
        : Finding.warning(
            MODEL,
            text + ", not calibrated: --sensitivity and --false-alarms-per-hour do not work",
            "`rouse tune " + file + " --negatives PATH`");
  }

  /** Whether the server's usual ports are free. */
  static List<Finding> ofPorts() {
    List<Finding> findings = new ArrayList<>();
    PORTS.forEach(
        (port, other) -> {
          try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            findings.add(Finding.ok("port", port + " is free for `rouse serve`"));
          } catch (IOException e) {
            findings.add(
                Finding.warning(
                    "port", port + " is in use", "if `rouse serve` is not running, by " + other));
          }
        });
    return findings;
  }
}
