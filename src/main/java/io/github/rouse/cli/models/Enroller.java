// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.Enrolment.Enrolled;
import io.github.rouse.enrol.Enrolment.EnrolmentSources;
import io.github.rouse.enrol.Enrolment.Expectation;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.speak.SpokenSamples.SpokenWord;
import io.github.rouse.speak.TemporaryFolder;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Enrols words for {@code enroll} and {@code new}, and prints what to expect. */
public final class Enroller {
  private final EnrolmentBase base;
  private final Enrolment enrolment;
  private final long seed;
  private final Console console;
  private final CommonOptions common;

  /**
   * Reads what enrolment builds on.
   *
   * @param model with a speech encoder, or enrolled
   * @param bank what that encoder makes of other speech
   * @param threads do not affect the result
   * @throws IllegalArgumentException if the bank is of another encoder, or too short
   */
  public Enroller(
      Path model, Path bank, long seed, int threads, Console console, CommonOptions common)
      throws IOException {
    this.seed = seed;
    this.console = console;
    this.common = common;
    EmbeddingBank embeddings = EmbeddingBank.read(bank);
    try {
      base = EnrolmentBase.read(model, embeddings);
      enrolment =
          new Enrolment(
              base, embeddings, seed, threads, problem -> console.say(Console.describe(problem)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bank=" + bank + ": " + e.getMessage(), e);
    }
  }

  EnrolmentBase base() {
    return base;
  }

  /**
   * Makes a model of a word, and prints what to expect of it.
   *
   * @param recordings of people; may be none
   * @param text whether synthetic voices say the word too
   * @param falseAlarms sounds mistaken for the word
   * @param skipsUnusable whether to leave unusable recordings out, rather than to enrol nothing
   * @param out the file to write; it names the model
   */
  public void enrol(
      String word,
      List<Path> recordings,
      boolean text,
      List<Path> falseAlarms,
      Channel channel,
      boolean skipsUnusable,
      Path out)
      throws IOException {
    try (TemporaryFolder folder = new TemporaryFolder()) {
      SpokenWord spoken = text ? spoken(word, folder.path()) : SpokenWord.NONE;
      console.progress("enrolling " + word + ", about half a minute");
      Enrolled enrolled =
          enrolment.enrol(
              word,
              AudioPaths.stem(out),
              new EnrolmentSources(
                  recordings, spoken.word(), spoken.others(), falseAlarms, channel, skipsUnusable));
      enrolled.model().write(out);
      console.progress("");
      report(enrolled, !recordings.isEmpty());
      common.notes(console).accept("wrote " + out);
    }
  }

  private SpokenWord spoken(String word, Path folder) throws IOException {
    SpokenSamples.limitation().ifPresent(common.notes(console));
    SpokenWord spoken =
        SpokenSamples.ofWord(
            word,
            folder,
            seed,
            done ->
                console.progress(done + " of " + SpokenSamples.OF_A_WORD + " synthetic samples"));
    if (spoken.word().isEmpty()) {
      common.notes(console).accept(word + ": synthetic voices cannot say it");
    }
    return spoken;
  }

  private void report(Enrolled enrolled, boolean ofPeople) {
    Expectation expectation = enrolled.expectation();
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %d of %d %s detected (cross-validated); %.0f %% missed with the voice, room and"
                + " noise varied; more for other people",
            expectation.recordings() - expectation.missed().size(),
            expectation.recordings(),
            ofPeople ? "recordings" : "synthetic samples",
            100 * expectation.variedMissRate()));
    String synthetic = enrolled.model().provenance().facts().get("synthetic recordings");
    if (ofPeople && !synthetic.equals("0")) {
      common.notes(console).accept("learnt from " + synthetic + " synthetic samples, too");
    }
    Calibration calibration = enrolled.model().calibration().orElseThrow();
    float threshold = enrolled.model().policy().threshold();
    double rate = calibration.perHour(threshold);
    double factor = calibration.uncertainty(threshold);
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %.2g false alarms per hour (95 %%: %.2g to %.2g) at threshold %s, measured on"
                + " %.2f h of other speech; listen --false-alarms-per-hour lowers it",
            rate,
            rate / factor,
            rate * factor,
            threshold,
            expectation.hours()));
    if (ofPeople) {
      expectation
          .missed()
          .forEach(file -> console.say(file + ": not detected; is it the right word?"));
    }
    enrolled
        .versions()
        .ifPresent(
            v ->
                console.print(
                    "before: " + v.before() + System.lineSeparator() + "now: " + v.now()));
    if (!ofPeople) {
      common
          .notes(console)
          .accept("trained on synthetic voices alone: expect more misses for people");
    }
  }
}
