// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.output.Console;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Features;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.foreign.ForeignReader;
import io.github.rouse.model.keras.KerasReader;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.openwakeword.OpenWakeWordImport;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse import}: makes a model of a network trained elsewhere. */
@Command(
    name = "import",
    description = "Makes a model of a network trained elsewhere: ONNX, or Keras (.keras, .h5).")
public final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin ForceOption force;

  @Parameters(paramLabel = "FILE", description = "An ONNX graph, or a Keras model or its weights.")
  Path file;

  @Option(
      names = "--architecture",
      paramLabel = "JSON",
      description =
          "The Keras network's architecture, as model.to_json() writes it, if FILE holds only weights.")
  Path architecture;

  @Option(
      names = "--features",
      paramLabel = Features.NAMES,
      description = "The features that the network takes as input.")
  String features;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "The word it detects; repeat it for several, in the order of the outputs.")
  List<String> words = List.of();

  @Option(
      names = "--backbone",
      paramLabel = "DIR",
      description =
          "For an openWakeWord model: the folder of its melspectrogram.onnx and"
              + " embedding_model.onnx. Without --word, the file's name gives the word.")
  Path backbone;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "The model to write.")
  Path out;

  @Option(
      names = "--every",
      paramLabel = "FRAMES",
      description =
          "Use ONNX Runtime for a window classifier that Rouse cannot run itself, one window every"
              + " FRAMES frames.")
  Integer every;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "The network's licence, such as CC-BY-NC-SA-4.0; `rouse info` prints it.")
  String licence;

  public ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    force.check(out);
    return backbone == null ? network() : openWakeWord();
  }

  private int openWakeWord() throws IOException {
    if (features != null || every != null || architecture != null) {
      throw new IllegalArgumentException(
          "--backbone is for openWakeWord models; they take no --features, --every or"
              + " --architecture");
    }
    OpenWakeWordImport read = OpenWakeWordImport.read(file, backbone, words);
    return write(
        read.words(), FeatureSpec.OPEN_WAKE_WORD, TriggerPolicy.OPEN_WAKE_WORD, read.imported());
  }

  private int network() throws IOException {
    if ((features == null || words.isEmpty()) && isOpenWakeWord()) {
      throw new IllegalArgumentException(
          file
              + ": is an openWakeWord model; --backbone DIR names the folder of the"
              + " melspectrogram.onnx and embedding_model.onnx that it needs");
    }
    if (features == null) {
      throw new IllegalArgumentException("--features is missing, expected " + Features.NAMES);
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("--word is missing: the word that the network detects");
    }
    FeatureSpec spec = Features.parse(features);
    if (every != null && every < 1) {
      throw new IllegalArgumentException("every=" + every + ", expected at least 1 frame");
    }
    ImportedNetwork imported =
        architecture != null
            ? KerasReader.read(file, architecture)
            : KerasReader.mayRead(file) ? KerasReader.read(file) : onnx();
    return write(words, spec, TriggerPolicy.DEFAULT, imported);
  }

  private boolean isOpenWakeWord() throws IOException {
    return !KerasReader.mayRead(file) && OpenWakeWordImport.isHead(file);
  }

  private int write(
      List<String> detected, FeatureSpec spec, TriggerPolicy policy, ImportedNetwork imported)
      throws IOException {
    Provenance source = Provenance.of(imported.source());
    WakeModel model =
        new WakeModel(
            AudioPaths.stem(out),
            detected,
            spec,
            policy,
            imported.network(),
            licence == null ? source : source.with(Provenance.LICENCE, licence));
    if (out.toAbsolutePath().getParent() != null) {
      Files.createDirectories(out.toAbsolutePath().getParent());
    }
    model.write(out);
    if (!common.quiet) {
      console.say(
          "wrote "
              + out
              + ": "
              + model.network().parameters()
              + " parameters, "
              + imported.source());
    }
    return 0;
  }

  /** A native network if possible; with {@code --every}, else one that ONNX Runtime runs. */
  private ImportedNetwork onnx() throws IOException {
    try {
      return OnnxReader.read(file);
    } catch (ModelFormatException e) {
      if (every == null && ForeignReader.mayRead(file)) {
        throw new IOException(e.getMessage() + "; --every FRAMES would run it in ONNX Runtime", e);
      } else if (every == null) {
        throw e;
      }
      ImportedNetwork foreign = ForeignReader.read(file, every);
      if (!common.quiet) {
        console.say(e.getMessage());
        console.say("ONNX Runtime will run it unchanged");
      }
      return foreign;
    }
  }
}
