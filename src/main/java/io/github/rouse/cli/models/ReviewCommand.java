// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.actions.Marks;
import io.github.rouse.actions.Marks.MarkedClip;
import io.github.rouse.actions.Marks.UnmarkedClip;
import io.github.rouse.audio.capture.Playback;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.review.Improvement;
import io.github.rouse.review.LessonFigures;
import io.github.rouse.review.ModelVersions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse review}: marks saved clips, and learns from the marks. */
@Command(
    name = "review",
    description = {
      "Plays the clips that listen --save or serve --save kept, asks whether each is right or wrong,"
          + " and writes the marks to DIR/marks.jsonl. Without a terminal it counts the marks.",
      "With --improve, a model learns from the marks. If it was signed, sign it again."
    })
public final class ReviewCommand implements Callable<Integer> {
  /** Plays a clip. */
  interface ClipPlayer {
    void play(Path clip) throws IOException;
  }

  private final Console console;
  private final ClipPlayer player;

  @Mixin CommonOptions common;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder of the clips; those in DIR/right and DIR/wrong count as marked.")
  Path folder;

  @Option(
      names = "--improve",
      paramLabel = "MODEL",
      description =
          "Replace a model by a version that no longer detects the clips marked wrong, unless it"
              + " would be worse. The previous version stays beside it.")
  Path improve;

  @Option(
      names = "--out",
      paramLabel = "MODEL",
      description = "With --improve: write the new version here instead.")
  Path out;

  @Mixin ForceOption force;

  @Option(
      names = "--undo",
      paramLabel = "MODEL",
      description = "Restore the previous version of a model.")
  Path undo;

  public ReviewCommand(Console console) {
    this(console, Playback::play);
  }

  ReviewCommand(Console console, ClipPlayer player) {
    this.console = console;
    this.player = player;
  }

  @Override
  public Integer call() throws IOException {
    if (undo != null) {
      if (folder != null || improve != null || out != null) {
        throw new IllegalArgumentException("--undo takes no other option and no DIR");
      }
      Path kept = ModelVersions.undo(undo);
      common.notes(console).accept("restored " + undo + " from " + kept);
      return 0;
    }
    if (folder == null) {
      throw new IllegalArgumentException("give the folder of the clips, or --undo MODEL");
    }
    if (out != null && improve == null) {
      throw new IllegalArgumentException("--out needs --improve");
    }
    Marks marks = Marks.read(folder);
    marks.problems().forEach(console::say);
    if (improve != null) {
      return improve(marks);
    }
    if (console.outIsTerminal() && console.errIsTerminal() && !marks.unmarked().isEmpty()) {
      ask(marks.unmarked());
      marks = Marks.read(folder);
    }
    summarise(marks);
    return exitCode(marks);
  }

  /** The folder that holds how other people say the shipped words. */
  public static Path people() {
    return ModelFiles.models().resolve("people");
  }

  private static int exitCode(Marks marks) {
    return marks.problems().isEmpty() ? 0 : ExitCode.FAILED;
  }

  private int improve(Marks marks) throws IOException {
    Path target = out == null ? improve : out;
    AtomicFile.prepare(target);
    if (out == null && !Files.isWritable(improve)) { // a rename would replace it anyway
      throw new AccessDeniedException(improve.toString());
    }
    if (out != null) {
      if (Files.exists(out) && Files.isSameFile(out, improve)) {
        throw new IllegalArgumentException("out=" + out + " is MODEL itself: leave --out out");
      }
      force.check(out);
    }
    if (marks.clips().isEmpty()) {
      throw new IOException(folder + ": has no marked clips");
    }
    WakeModel model = WakeModel.read(improve);
    console.progress("learning from " + marks.clips().size() + " marks");
    boolean[] unread = new boolean[1];
    Improvement improvement =
        Improvement.of(
            model,
            marks.clips(),
            List.of(people(), improve.toAbsolutePath().getParent()),
            problem -> {
              unread[0] = true;
              console.say(problem);
            });
    console.progress("");
    Optional<String> refusal = improvement.refusal();
    if (refusal.isPresent()) {
      console.say(improve + ": " + refusal.get());
      return ExitCode.FAILED;
    }
    for (LessonFigures figures : improvement.figures()) {
      console.print(figures.toString());
    }
    if (out == null) {
      Path kept = ModelVersions.replace(improve, improvement.model());
      common
          .notes(console)
          .accept(
              "wrote " + improve + "; the previous version is " + kept + ", --undo restores it");
    } else {
      improvement.model().write(out);
      common.notes(console).accept("wrote " + out);
    }
    return unread[0] ? ExitCode.FAILED : exitCode(marks);
  }

  /** Plays each clip and asks for its mark. */
  private void ask(List<UnmarkedClip> clips) throws IOException {
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    for (int i = 0; i < clips.size(); i++) {
      UnmarkedClip clip = clips.get(i);
      String word = clip.word() == null ? "the word" : "\"" + clip.word() + "\"";
      Boolean isRight = null;
      boolean play = true;
      while (isRight == null) {
        if (play) {
          player.play(clip.file());
        }
        console.say(
            String.format(
                "%d of %d, %s: did someone say %s? y, n, again, quit",
                i + 1, clips.size(), clip.file().getFileName(), word));
        String answer = answers.readLine();
        if (answer == null) {
          return;
        }
        switch (answer.strip().toLowerCase(Locale.ROOT)) {
          case "y", "yes" -> isRight = true;
          case "n", "no" -> isRight = false;
          case "q", "quit" -> {
            return;
          }
          case "a", "again" -> play = true;
          default -> play = false;
        }
      }
      Marks.add(folder, clip.file().getFileName().toString(), clip.word(), isRight);
    }
  }

  private void summarise(Marks marks) {
    TreeMap<String, int[]> counts = new TreeMap<>(); // by word: right, wrong
    for (MarkedClip clip : marks.clips()) {
      String word = clip.word() == null ? "(unknown word)" : clip.word();
      counts.computeIfAbsent(word, unused -> new int[2])[clip.isRight() ? 0 : 1]++;
    }
    counts.forEach(
        (word, count) ->
            console.print(String.format("%s: %d right, %d wrong", word, count[0], count[1])));
    console.print("unmarked: " + marks.unmarked().size());
  }
}
