// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.advice.Advice;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.AdviceFormat;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse advise}: rates a word as a trigger. */
@Command(
    name = "advise",
    description =
        "Rates words as triggers before you record them, by rules of thumb on the phonemes that"
            + " espeak-ng gives them.")
final class AdviseCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      arity = "1..*",
      paramLabel = "WORD",
      description = "The word or phrase, such as \"hey nova\"; several are compared.")
  List<String> words;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model that will run beside it; repeatable. Default: every model in models/.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--voice",
      paramLabel = "NAME",
      defaultValue = Advice.VOICE,
      description =
          "The voice, one of `espeak-ng --voices`. Only English words are compared with common"
              + " words. Default: ${DEFAULT-VALUE}.")
  String voice;

  @Option(
      names = "--format",
      paramLabel = "text|jsonl|csv",
      description = "Default: text on a terminal, jsonl in a pipe.")
  AdviceFormat format;

  AdviseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    int code = 0;
    List<String> known = new ArrayList<>();
    for (Path file : files.isEmpty() ? ModelFiles.shipped() : files) {
      try {
        known.addAll(WakeModel.read(file).words());
      } catch (IOException e) {
        console.say(Console.describe(e));
        code = ExitCode.FAILED;
      }
    }
    List<Advice> advice = new ArrayList<>();
    for (String word : words) {
      advice.add(Advice.on(word, known.stream().distinct().toList(), voice));
    }
    AdviceFormat.orDefault(format, console).lines(advice).forEach(console::print);
    return code;
  }
}
