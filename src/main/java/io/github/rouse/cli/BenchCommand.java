// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.EngineSpeed;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse bench}: measures speed on this machine. */
@Command(
    name = "bench",
    description = "Measures how fast models run on this machine, compared with ONNX Runtime.",
    footer = {
      "real-time factor: processing time per second of sound, one thread, end to end.",
      "us a step: the network alone. bytes: allocated per second of sound.",
      "All are medians; the engines alternate in one process. Run it on an idle machine.",
      "ROUSE_JAVA_OPTS='--add-modules jdk.incubator.vector -Drouse.kernel.plain=0'",
      "measures the vector kernels."
    })
final class BenchCommand implements Callable<Integer> {
  private static final double TURN_SECONDS = 0.25;
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private final Console console;

  @Mixin CommonOptions common;

  @Mixin ModelFiles files;

  @Option(
      names = "--turns",
      defaultValue = "20",
      paramLabel = "N",
      description = "Turns of 0.25 s for each engine. Default: ${DEFAULT-VALUE}.")
  int turns;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (turns < 1 || turns > 10_000) {
      throw new IllegalArgumentException("turns=" + turns + ", expected 1 to 10000");
    }
    List<WakeModel> models = new ArrayList<>();
    for (Path file : files.orShipped()) {
      models.add(WakeModel.read(file));
    }
    console.print(
        String.format(
            Locale.ROOT,
            "Java %s, %d x %s, %s",
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            Kernels.description()));
    for (WakeModel model : models) {
      measure(model);
    }
    return 0;
  }

  /** The processor's name from Linux or Windows, or its architecture. */
  private static String processor() throws IOException {
    if (Files.isReadable(CPU_INFO)) {
      for (String line : Files.readAllLines(CPU_INFO)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows != null ? windows : System.getProperty("os.arch");
  }

  private void measure(WakeModel model) {
    List<Engine> engines =
        model.requiresOnnxRuntime()
            ? List.of(Engine.ONNXRUNTIME)
            : List.of(Engine.NATIVE, Engine.ONNXRUNTIME);
    List<EngineSpeed> speeds = EngineSpeed.of(model, engines, turns, TURN_SECONDS);
    for (EngineSpeed speed : speeds) {
      console.print(
          String.format(
              Locale.ROOT,
              "%-12s %-12s real-time factor %.5f  %8.1f us a step  %10.0f bytes",
              model.name(),
              speed.engine().name().toLowerCase(Locale.ROOT),
              speed.realTimeFactor(),
              speed.stepMicros(),
              speed.bytesPerSecond()));
    }
    if (speeds.size() > 1) {
      console.print(
          String.format(
              Locale.ROOT,
              "%-12s native is %.2f times as fast, its network %.2f times",
              model.name(),
              speeds.get(1).realTimeFactor() / speeds.get(0).realTimeFactor(),
              speeds.get(1).stepMicros() / speeds.get(0).stepMicros()));
    }
  }
}
