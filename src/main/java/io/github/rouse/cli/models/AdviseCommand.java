// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.advice.Advice;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.AdviceFormat;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.report.AttentionPlot;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.pronounce.PronouncingDictionary;
import java.io.IOException;
import java.nio.file.Files;
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
            + " espeak-ng or a pronunciation model gives them.")
public final class AdviseCommand implements Callable<Integer> {
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
      names = "--pronunciation",
      paramLabel = "DIR",
      description =
          "A pronunciation model that `rouse train` wrote, for English words. Default: espeak-ng, or"
              + " models/pronunciation/ where that is not installed.")
  Path pronunciation;

  @Option(
      names = "--dictionary",
      paramLabel = "FILE",
      description =
          "A dictionary in CMU's format; the pronunciation model reads the words that it lacks.")
  Path dictionary;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw which letters the pronunciation model reads at each phoneme.")
  Path plot;

  @Option(
      names = "--format",
      paramLabel = "text|jsonl|csv",
      description = "Default: text on a terminal, jsonl in a pipe.")
  AdviceFormat format;

  public AdviseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (plot != null) {
      if (words.size() > 1) {
        throw new IllegalArgumentException("--plot draws one word or phrase");
      }
      AtomicFile.prepare(plot);
    }
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
    Pronouncer pronouncer = pronouncer();
    List<Advice> advice = new ArrayList<>();
    for (String word : words) {
      advice.add(Advice.on(word, known.stream().distinct().toList(), voice, pronouncer));
    }
    if (plot != null) {
      draw(pronouncer);
    }
    AdviceFormat.orDefault(format, console).lines(advice).forEach(console::print);
    return code;
  }

  /** What pronounces the words; null for espeak-ng. */
  private Pronouncer pronouncer() throws IOException {
    boolean asked = pronunciation != null || dictionary != null || plot != null;
    if (asked && !Advice.isEnglish(voice)) {
      throw new IllegalArgumentException(
          "voice="
              + voice
              + ", expected English: --pronunciation, --dictionary and --plot know no other");
    }
    if (!asked) {
      return Advice.isEnglish(voice) ? UsualPronouncer.orNull(common.notes(console)) : null;
    }
    Path folder = pronunciation != null ? pronunciation : ModelFiles.pronunciation();
    if (pronunciation == null && !Files.exists(folder.resolve(PronunciationModel.ENCODER))) {
      throw new IOException(folder + ": no pronunciation model; give one with --pronunciation DIR");
    }
    return new Pronouncer(
        PronunciationModel.read(folder),
        dictionary == null ? null : PronouncingDictionary.read(dictionary));
  }

  private void draw(Pronouncer pronouncer) throws IOException {
    List<AttentionPlot.WordAttention> drawn =
        pronouncer.read(words.get(0)).stream()
            .map(
                read ->
                    new AttentionPlot.WordAttention(
                        read.word(), read.found().phonemes(), read.found().attention()))
            .toList();
    AtomicFile.write(plot, out -> AttentionPlot.write(drawn, out));
  }
}
