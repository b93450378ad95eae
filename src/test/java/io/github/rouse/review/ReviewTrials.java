// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.actions.Marks;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.trigger.Repeats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What learning from marks gains and costs. The strongest false alarms in one half of the kept
 * speech are marked wrong in four rounds; after each, the model learns. Then the same talk is
 * played again, as it was and in other conditions, and so are other people who say the word, and
 * the other half. {@code models/review-trials.sh} runs it.
 */
final class ReviewTrials {
  private static final int RATE = 16_000;
  private static final int SEEDS = 3;
  private static final int ROUNDS = 4;
  private static final int MARKED = 20;
  private static final int BEFORE = 3 * RATE; // of a clip, up to the decision
  private static final int AFTER = RATE;
  private static final double SNR_DB = 15;
  private static final String[] PLAYS = {
    "as it was",
    "12 dB softer",
    "6 dB louder, noise at 15 dB",
    "noise at 15 dB",
    "6 dB softer, noise at 15 dB"
  };
  private static final double[] GAINS_DB = {0, -12, 6, 0, -6};
  private static final String[] CONDITIONS = {"as recorded", "noise", "far", "running"};

  /** Whose voices lie in models/people: they are not counted here. */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "jarvis", Set.of("s07", "s32", "s74"),
          "computer", Set.of("s11", "s85"),
          "alexa", Set.of("s43"));

  /** A sound, and what the first look raises in it. */
  private record Heard(Path file, List<Candidate> candidates) {}

  /** A false alarm. */
  private record Alarm(Path file, Candidate candidate, double score) {}

  private final WakeModel all;
  private final Path shared;
  private final Path conditions;
  private final Path models;
  private final HeardFile known;
  private final List<float[]> noises = new ArrayList<>();

  private ReviewTrials(Path models, Path shared, Path conditions, HeardFile known)
      throws IOException {
    this.known = known;
    this.models = models;
    this.shared = shared;
    this.conditions = conditions;
    all = WakeModel.read(models.resolve("multi/words.onnx"));
    try (Stream<Path> files = Files.list(shared.resolve("noise"))) {
      for (Path file : files.filter(f -> f.toString().contains("-5-")).sorted().toList()) {
        noises.add(WordMarks.samples(file, RATE));
      }
    }
  }

  /**
   * Prints a table.
   *
   * @param args folder of models, ../shared, folder of condition clips, list of kept speech, file
   *     that keeps what the first look raises in all of them
   */
  public static void main(String[] args) throws IOException {
    ReviewTrials trials =
        new ReviewTrials(
            Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), HeardFile.open(Path.of(args[4])));
    List<Heard> kept = new ArrayList<>();
    for (String file : Files.readAllLines(Path.of(args[3]))) {
      kept.add(trials.heard(Path.of(file)));
    }
    for (String word : trials.all.words()) {
      List<List<Heard>> people = new ArrayList<>();
      for (String condition : CONDITIONS) {
        people.add(trials.people(word, condition));
      }
      for (int seed = 1; seed <= SEEDS; seed++) {
        trials.run(word, seed, kept, people);
      }
    }
  }

  /** With a second of low noise around it, as in an evaluation. */
  private static float[] sound(Path file) throws IOException {
    float[] samples = WordMarks.samples(file, RATE);
    Random random = new Random(1);
    float[] padded = new float[samples.length + 2 * RATE];
    for (int i = 0; i < padded.length; i++) {
      padded[i] = 3e-4f * (float) random.nextGaussian();
    }
    System.arraycopy(samples, 0, padded, RATE, samples.length);
    return padded;
  }

  private Heard heard(Path file) throws IOException {
    if (!known.has(file)) {
      known.add(file, Candidate.of(all, sound(file)));
    }
    return new Heard(file, known.of(file));
  }

  private List<Heard> people(String word, String condition) throws IOException {
    Path folder =
        condition.equals(CONDITIONS[0])
            ? shared.resolve("keywords").resolve(word).resolve("development")
            : conditions.resolve(word).resolve(condition);
    List<Heard> people = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!KNOWN.get(word).contains(name.substring(0, name.indexOf('-')))) {
          people.add(heard(file));
        }
      }
    }
    return people;
  }

  private void run(String word, int seed, List<Heard> kept, List<List<Heard>> people)
      throws IOException {
    List<Heard> shuffled = new ArrayList<>(kept);
    Collections.shuffle(shuffled, new Random(seed));
    List<Heard> marked = shuffled.subList(0, kept.size() / 2);
    List<Heard> other = shuffled.subList(kept.size() / 2, kept.size());
    WakeModel shipped = WakeModel.read(models.resolve(word + ".onnx"));
    WakeModel before = all.of(List.of(word), word).withThreshold(shipped.policy().threshold());
    List<Alarm> alarms = alarms(before, word, marked);
    float threshold = (float) alarms.get(alarms.size() - 1).score();
    Collections.shuffle(alarms, new Random(seed));
    Path folder = Files.createTempDirectory("rouse-review");
    WakeModel model = before;
    StringBuilder rounds = new StringBuilder();
    for (int round = 0; round < ROUNDS; round++) {
      int from = round * MARKED / ROUNDS;
      for (Alarm alarm : alarms.subList(from, from + MARKED / ROUNDS)) {
        mark(folder, word, alarm);
      }
      Improvement improvement =
          Improvement.of(
              model,
              Marks.read(folder).clips(),
              List.of(models.resolve("people")),
              problem -> {
                throw new IllegalStateException(problem);
              });
      if (improvement.refusal().isEmpty()) {
        Path file = folder.resolve(word + ".onnx");
        improvement.model().write(file);
        model = WakeModel.read(file);
        rounds.append(improvement.figures().get(0).cured()).append(' ');
      } else {
        rounds.append("refused ");
      }
    }
    print(word, seed, threshold, shipped.policy().threshold(), rounds.toString());
    replay(before, model, alarms, threshold, seed);
    float modelThreshold = shipped.policy().threshold();
    for (int i = 0; i < CONDITIONS.length; i++) {
      missed(CONDITIONS[i], before, model, word, people.get(i), threshold, modelThreshold);
    }
    System.out.printf(
        Locale.ROOT,
        "  false alarms in the other half: %d, then %d%n",
        count(before, word, other, threshold),
        count(model, word, other, threshold));
  }

  private static void print(
      String word, int seed, float threshold, float modelThreshold, String rounds) {
    System.out.printf(
        Locale.ROOT,
        "%s, seed %d: threshold %.2f (shipped %.2f); away by round: %s%n",
        word,
        seed,
        threshold,
        modelThreshold,
        rounds);
  }

  /** The strongest false alarms, a second apart at least, falling. */
  private List<Alarm> alarms(WakeModel model, String word, List<Heard> sounds) {
    int index = all.words().indexOf(word);
    List<Alarm> found = new ArrayList<>();
    for (Heard sound : sounds) {
      for (Candidate candidate : sound.candidates()) {
        if (candidate.word() == index) {
          found.add(new Alarm(sound.file(), candidate, score(model, candidate)));
        }
      }
    }
    found.sort(Comparator.comparing(Alarm::score).reversed());
    List<Alarm> strongest = new ArrayList<>();
    for (Alarm alarm : found) {
      boolean fresh =
          strongest.stream()
              .noneMatch(
                  s ->
                      s.file().equals(alarm.file())
                          && Math.abs(s.candidate().at() - alarm.candidate().at()) < RATE);
      if (fresh && strongest.size() < MARKED) {
        strongest.add(alarm);
      }
    }
    return strongest;
  }

  /** Of a model of one word. */
  private static double score(WakeModel model, Candidate candidate) {
    Verifier verifier = model.verifier().orElseThrow();
    List<Network> heads = verifier.heads().get(0).networks();
    float second = 0;
    for (int n = 0; n < candidate.views().length; n++) {
      second +=
          LearntHead.of(heads.get(n % heads.size())).logit(candidate.views()[n])
              / candidate.views().length;
    }
    return verifier.score(0, candidate.first(), second);
  }

  /** Saves the clip as `listen --save` does, and marks it. */
  private static void mark(Path folder, String word, Alarm alarm) throws IOException {
    float[] sound = sound(alarm.file());
    int at = (int) alarm.candidate().at();
    int from = Math.max(0, at - BEFORE);
    String name = word + "-" + alarm.file().getFileName() + "-" + at + ".wav";
    try (WavWriter wav = new WavWriter(folder.resolve(name), RATE, 1)) {
      wav.write(sound, from, Math.min(sound.length, at + AFTER) - from);
      wav.commit();
    }
    String line =
        String.format(
            Locale.ROOT,
            "{\"clip\":\"%s\",\"word\":\"%s\",\"score\":%f,\"clip_at\":%f}%n",
            name,
            word,
            alarm.score(),
            (at - from) / (double) RATE);
    Files.writeString(
        folder.resolve("clips.jsonl"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Marks.add(folder, name, word, false);
  }

  /** Plays the marked talk again: gain, real noise, and frames that begin elsewhere. */
  private void replay(
      WakeModel before, WakeModel after, List<Alarm> alarms, float threshold, int seed)
      throws IOException {
    for (int play = 0; play < PLAYS.length; play++) {
      int alarmed = 0;
      int again = 0;
      int plays = 0;
      Random random = new Random(100L * seed + play);
      for (Alarm alarm : alarms) {
        float[] sound = sound(alarm.file());
        int at = (int) alarm.candidate().at();
        int shift = play == 0 ? 0 : 2 * random.nextInt(4000) + 1;
        int from = Math.max(0, Math.min(at - 2 * BEFORE + shift, at - BEFORE / 2));
        float[] clip = Arrays.copyOfRange(sound, from, Math.min(sound.length, at + AFTER));
        float[] noise = noises.get(random.nextInt(noises.size()));
        float[] played = play == 0 ? clip : played(clip, GAINS_DB[play], play == 1 ? null : noise);
        List<Candidate> candidates =
            Candidate.of(before, played).stream()
                .filter(c -> Math.abs(c.at() - (at - from)) < RATE)
                .toList();
        plays++;
        alarmed += candidates.stream().anyMatch(c -> score(before, c) >= threshold) ? 1 : 0;
        again += candidates.stream().anyMatch(c -> score(after, c) >= threshold) ? 1 : 0;
      }
      System.out.printf(
          Locale.ROOT,
          "  the marked talk, %s: %d of %d alarm, then %d%n",
          PLAYS[play],
          alarmed,
          plays,
          again);
    }
  }

  private static float[] played(float[] clip, double gainDb, float[] noise) {
    double power = 0;
    double noisePower = 1e-12;
    for (int i = 0; i < clip.length; i++) {
      power += (double) clip[i] * clip[i];
      noisePower += noise == null ? 0 : (double) noise[i % noise.length] * noise[i % noise.length];
    }
    double level = noise == null ? 0 : Math.sqrt(power / noisePower) / Math.pow(10, SNR_DB / 20);
    double gain = Math.pow(10, gainDb / 20);
    float[] played = new float[clip.length];
    for (int i = 0; i < clip.length; i++) {
      double sample = gain * (clip[i] + (noise == null ? 0 : level * noise[i % noise.length]));
      played[i] = (float) Math.max(-1, Math.min(1, sample));
    }
    return played;
  }

  private void missed(
      String condition,
      WakeModel before,
      WakeModel after,
      String word,
      List<Heard> people,
      float... thresholds) {
    StringBuilder line = new StringBuilder("  missed of other people, " + condition + ":");
    for (float threshold : thresholds) {
      line.append(
          String.format(
              Locale.ROOT,
              " %d, then %d of %d (at %.2f)",
              people.size() - found(before, word, people, threshold),
              people.size() - found(after, word, people, threshold),
              people.size(),
              threshold));
    }
    System.out.println(line);
  }

  private int found(WakeModel model, String word, List<Heard> people, float threshold) {
    int index = all.words().indexOf(word);
    return (int)
        people.stream()
            .filter(
                sound ->
                    sound.candidates().stream()
                        .anyMatch(c -> c.word() == index && score(model, c) >= threshold))
            .count();
  }

  /** False alarms, repeated ones once, as a detector counts them. */
  private int count(WakeModel model, String word, List<Heard> sounds, float threshold) {
    int index = all.words().indexOf(word);
    int count = 0;
    for (Heard sound : sounds) {
      Repeats repeats = new Repeats(model.policy().withThreshold(threshold), RATE);
      Set<Long> events = new HashSet<>();
      for (Candidate candidate : sound.candidates()) {
        if (candidate.word() == index
            && repeats.accept((float) score(model, candidate), candidate.at())) {
          events.add(candidate.at());
        }
      }
      count += events.size();
    }
    return count;
  }
}
