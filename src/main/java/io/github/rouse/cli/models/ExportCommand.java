// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse export}: writes a model in another form. */
@Command(
    name = "export",
    description = {
      "Writes a model of a subset of the words, or a graph for other runtimes.",
      "docs/export.md describes the graph's inputs and outputs."
    })
public final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin ForceOption force;

  @Parameters(paramLabel = "MODEL", description = "The model, or a phone recogniser.")
  Path file;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "A word to keep; repeatable. Default: all.")
  List<String> words = List.of();

  @Option(
      names = "--streaming",
      description = "Write a streaming graph: the state is an input and an output.")
  boolean streaming;

  @Option(
      names = "--with-frontend",
      description = "Write a graph that computes the features too, from PCM.")
  boolean frontEnd;

  @Option(
      names = "--verifier",
      description = "Write the graph of the model's verifier: its second look at candidates.")
  boolean verifier;

  @Option(
      names = "--weights",
      paramLabel = "fp32|fp16|int8",
      defaultValue = "fp32",
      description = "The number format of the weights. Default: ${DEFAULT-VALUE}.")
  WeightType weights;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "The model's licence, such as Apache-2.0; `rouse info` prints it.")
  String licence;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  Path out;

  public ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (verifier && (streaming || frontEnd || weights != WeightType.FP32)) {
      throw new IllegalArgumentException(
          "--verifier cannot be combined with --streaming, --with-frontend or --weights");
    }
    Optional<PhoneModel> phones = PhoneModel.find(file);
    if (phones.isPresent()
        && (verifier || streaming || frontEnd || licence != null || !words.isEmpty())) {
      throw new IllegalArgumentException(
          file + ": is a phone recogniser, for which there is only --weights");
    }
    WakeModel model = phones.isPresent() ? null : WakeModel.read(file);
    if (!words.isEmpty()) {
      model = model.of(words, AudioPaths.stem(out));
    }
    if (licence != null) {
      model = model.with(model.provenance().with(Provenance.LICENCE, licence));
    }
    Files.createDirectories(out.toAbsolutePath().getParent());
    if (Files.exists(out) && Files.isSameFile(out, file)) {
      throw new IllegalArgumentException(
          "out=" + out + " is MODEL itself, which is never overwritten");
    }
    force.check(out);
    if (phones.isPresent()) {
      phones.get().write(out, weights);
    } else if (verifier) {
      model.exportVerifier(out);
    } else if (streaming || frontEnd) {
      model.export(out, weights, streaming, frontEnd);
    } else {
      model.write(out, weights);
    }
    if (!common.quiet) {
      List<String> outputs = phones.isPresent() ? phones.get().phones() : model.words();
      console.say("wrote " + out + ": " + String.join(", ", outputs));
    }
    return 0;
  }
}
