// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.Detector;
import io.github.rouse.audio.Channel;
import io.github.rouse.enrol.Enrolment.Enrolled;
import io.github.rouse.enrol.Enrolment.EnrolmentSources;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.speak.SpokenSamples.SpokenWord;
import io.github.rouse.speak.TemporaryFolder;
import io.github.rouse.train.data.AudioCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Enrols words from recordings drawn at random and prints what the models miss, as {@code rouse
 * enroll} and {@code rouse eval} would, but hearing the other speech once for all models. {@code
 * models/enrolment-trials.sh} runs it.
 */
final class EnrolmentTrials {
  private static final List<Double> RATES = List.of(0.5, 1.0); // false alarms per hour
  private static final double LEAD_SECONDS = 2.2; // before a recording: more than a window
  private static final double TAIL_SECONDS = 0.6; // after it
  private static final float QUIET = 1e-4f; // -80 dB
  private static final int PROGRESS_EVERY = 10; // random draws

  /**
   * What a word is enrolled from.
   *
   * @param count of recordings
   * @param speakers that they are spread over
   * @param text whether synthetic voices say the word too
   */
  private record Kind(int count, int speakers, boolean text) {
    @Override
    public String toString() {
      String recordings = count == 0 ? "" : count + " of " + speakers;
      return recordings + (text ? count == 0 ? "text" : " and text" : "");
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind(3, 1, false),
          new Kind(5, 1, false),
          new Kind(10, 1, false),
          new Kind(3, 3, false),
          new Kind(5, 5, false),
          new Kind(10, 5, false),
          new Kind(0, 0, true),
          new Kind(5, 1, true),
          new Kind(5, 5, true));

  /** Recordings of a word under some condition, as steps of the encoder. */
  private record Clips(String condition, List<float[][]> clips) {}

  private final Path keywords;
  private final EmbeddingBank bank;
  private final EnrolmentBase base;
  private final Encoder encoder;

  private EnrolmentTrials(Path keywords, Path encoderFile, Path bankFile) throws IOException {
    this.keywords = keywords;
    bank = EmbeddingBank.read(bankFile);
    base = EnrolmentBase.read(encoderFile, bank);
    encoder = bank.on(base.encoder());
  }

  /**
   * Prints the table, or what becomes of random draws.
   *
   * @param args folder of words, encoder, bank; "table", draws, file that lists other speech,
   *     folder of {@link io.github.rouse.eval.ConditionClips}, or "random", draws; words
   */
  public static void main(String[] args) throws IOException {
    EnrolmentTrials trials =
        new EnrolmentTrials(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    int draws = Integer.parseInt(args[4]);
    List<String> rest = Arrays.asList(args).subList(5, args.length);
    if (args[3].equals("random")) {
      trials.draws(draws, rest);
    } else {
      trials.table(draws, Path.of(rest.get(0)), Path.of(rest.get(1)), rest.subList(2, rest.size()));
    }
  }

  private void table(int draws, Path list, Path conditions, List<String> words) throws IOException {
    List<Path> kept = new ArrayList<>();
    for (String path : Files.readAllLines(list)) {
      kept.addAll(files(Path.of(path)));
    }
    List<float[][]> speech = new ArrayList<>(embedded(kept));
    Map<String, List<Clips>> clips = new LinkedHashMap<>();
    for (String word : words) {
      clips.put(word, clips(word, conditions.resolve(word)));
    }
    Map<String, List<double[]>> rows = new LinkedHashMap<>();
    for (Kind kind : KINDS) {
      for (String word : words) {
        List<float[][]> negatives = new ArrayList<>(speech);
        for (String other : words) {
          if (!other.equals(word)) {
            negatives.addAll(clips.get(other).get(0).clips());
          }
        }
        for (int draw = 1; draw <= draws; draw++) {
          trial(kind, word, draw, clips.get(word), negatives, rows);
        }
      }
    }
    rows.forEach(
        (name, values) ->
            System.out.printf(
                Locale.ROOT,
                "mean of %s: %s (%d)%n",
                name,
                percent(
                    IntStream.range(0, RATES.size())
                        .mapToDouble(
                            r -> values.stream().mapToDouble(v -> v[r]).average().orElseThrow())
                        .toArray()),
                values.size()));
  }

  /** Enrols a word once and prints a line for each condition. */
  private void trial(
      Kind kind,
      String word,
      int draw,
      List<Clips> clips,
      List<float[][]> negatives,
      Map<String, List<double[]>> rows)
      throws IOException {
    String name = word + ", " + kind + ", draw " + draw;
    List<Path> recordings = drawn(word, kind.count(), kind.speakers(), draw);
    Enrolled enrolled;
    try {
      enrolled = enrolled(word, recordings, kind.text(), draw, new ArrayList<>());
    } catch (IOException e) {
      System.out.println(name + ": refused: " + e.getMessage());
      return;
    }
    Network head = encoder.above(enrolled.model());
    double hours = hours(negatives);
    List<Float> alarms =
        negatives.parallelStream()
            .flatMap(steps -> detections(head, steps).stream())
            .sorted(Comparator.reverseOrder())
            .toList();
    float threshold = enrolled.model().policy().threshold();
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f false alarms per hour at the model's threshold, in %.2f h%n",
        name,
        alarms.stream().filter(score -> score >= threshold).count() / hours,
        hours);
    for (Clips heard : clips) {
      double[] missed = missed(head, heard.clips(), alarms, hours);
      System.out.println("  " + heard.condition() + ": " + percent(missed));
      rows.computeIfAbsent(kind + ", " + heard.condition(), key -> new ArrayList<>()).add(missed);
    }
    if (kind.speakers() == 1) {
      List<Path> rest = new ArrayList<>(bySpeaker(word).get(speaker(recordings.get(0))));
      rest.removeAll(recordings);
      if (!rest.isEmpty()) {
        double[] missed = missed(head, embedded(rest), alarms, hours);
        System.out.println("  the same person: " + percent(missed));
        rows.computeIfAbsent(kind + ", the same person", key -> new ArrayList<>()).add(missed);
      }
    }
  }

  /** Enrols words from random draws; counts refusals, and deaf models by running them. */
  private void draws(int count, List<String> words) throws IOException {
    int written = 0;
    int deaf = 0;
    Map<String, Integer> refusals = new TreeMap<>();
    try (TemporaryFolder folder = new TemporaryFolder()) {
      for (int draw = 1; draw <= count; draw++) {
        Random random = new Random(draw);
        String word = words.get(draw % words.size());
        int recordings = 3 + random.nextInt(8);
        int speakers = 1 + random.nextInt(recordings);
        List<Path> said = drawn(word, recordings, speakers, draw);
        List<Path> skipped = new ArrayList<>();
        try {
          WakeModel model = enrolled(word, said, false, draw, skipped).model();
          Path file = folder.path().resolve("word.onnx");
          model.write(file);
          written++;
          said.removeAll(skipped);
          int detected = detected(WakeModel.read(file), said);
          deaf += detected < Enrolment.LEAST_DETECTED * said.size() ? 1 : 0;
        } catch (IOException e) {
          refusals.merge(e.getMessage().replaceAll("[0-9.]+", "N"), 1, Integer::sum);
        }
        if (draw % PROGRESS_EVERY == 0 || draw == count) {
          System.out.printf(
              Locale.ROOT, "%d draws: %d models, %d of them deaf%n", draw, written, deaf);
        }
      }
    }
    refusals.forEach((reason, times) -> System.out.println(times + " refused: " + reason));
  }

  private int detected(WakeModel model, List<Path> recordings) throws IOException {
    int detected = 0;
    for (Path recording : recordings) {
      AtomicInteger events = new AtomicInteger();
      float[] samples = padded(recording);
      try (Detector detector = new Detector(model, event -> events.incrementAndGet())) {
        detector.accept(samples, 0, samples.length);
        detector.finish();
      }
      detected += events.get() > 0 ? 1 : 0;
    }
    return detected;
  }

  /**
   * Enrols a word.
   *
   * @param skipped receives the recordings that are unusable
   */
  private Enrolled enrolled(
      String word, List<Path> recordings, boolean text, int seed, List<Path> skipped)
      throws IOException {
    try (TemporaryFolder folder = new TemporaryFolder()) {
      SpokenWord spoken =
          text
              ? SpokenSamples.ofWord(word.replace('-', ' '), folder.path(), seed, done -> {})
              : SpokenWord.NONE;
      int threads = Runtime.getRuntime().availableProcessors();
      return new Enrolment(
              base,
              bank,
              seed,
              threads,
              problem ->
                  recordings.stream()
                      .filter(file -> problem.getMessage().startsWith(file + ": "))
                      .forEach(skipped::add))
          .enrol(
              word,
              word,
              new EnrolmentSources(
                  recordings,
                  spoken.word(),
                  spoken.others(),
                  List.of(),
                  Channel.AUTO,
                  /* skipsUnusable= */ true));
    }
  }

  /** Recordings of the training part, by as many speakers, one of each in turn. */
  private List<Path> drawn(String word, int count, int speakers, int seed) throws IOException {
    Random random = new Random(seed);
    Map<String, List<Path>> all = bySpeaker(word);
    List<String> some = new ArrayList<>();
    for (Map.Entry<String, List<Path>> one : all.entrySet()) {
      Collections.shuffle(one.getValue(), random);
      if (one.getValue().size() * speakers >= count) {
        some.add(one.getKey());
      }
    }
    Collections.shuffle(some, random);
    some = some.subList(0, Math.min(speakers, some.size()));
    List<Path> drawn = new ArrayList<>();
    for (int turn = 0; drawn.size() < count && turn < count; turn++) {
      for (String speaker : some) {
        if (turn < all.get(speaker).size() && drawn.size() < count) {
          drawn.add(all.get(speaker).get(turn));
        }
      }
    }
    return drawn;
  }

  private Map<String, List<Path>> bySpeaker(String word) throws IOException {
    Map<String, List<Path>> speakers = new TreeMap<>();
    for (Path file : files(keywords.resolve(word).resolve("training"))) {
      speakers.computeIfAbsent(speaker(file), key -> new ArrayList<>()).add(file);
    }
    return speakers;
  }

  private static String speaker(Path file) {
    return file.getFileName().toString().replaceFirst("-.*", "");
  }

  private List<Clips> clips(String word, Path conditions) throws IOException {
    List<Clips> clips = new ArrayList<>();
    clips.add(
        new Clips("as recorded", embedded(files(keywords.resolve(word).resolve("development")))));
    if (Files.isDirectory(conditions)) {
      try (Stream<Path> folders = Files.list(conditions)) {
        for (Path folder : folders.sorted().toList()) {
          clips.add(new Clips(folder.getFileName().toString(), embedded(files(folder))));
        }
      }
    }
    return clips;
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> found = Files.walk(path)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private List<float[][]> embedded(List<Path> files) {
    return files.parallelStream()
        .map(
            file -> {
              try {
                return encoder.embed(padded(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  /** A recording between near-silence. */
  private float[] padded(Path file) throws IOException {
    int rate = encoder.features().sampleRate();
    List<short[]> pieces = AudioCache.decode(file, Channel.AUTO, rate);
    int length = pieces.stream().mapToInt(piece -> piece.length).sum();
    int at = (int) (LEAD_SECONDS * rate);
    float[] samples = new float[at + length + (int) (TAIL_SECONDS * rate)];
    SplittableRandom random = new SplittableRandom(length);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (QUIET * random.nextGaussian());
    }
    for (short[] piece : pieces) {
      for (short sample : piece) {
        samples[at++] += sample / 32768f;
      }
    }
    return samples;
  }

  /** Hours without the near-silence around each recording. */
  private double hours(List<float[][]> recordings) {
    double step = (double) encoder.stepSamples() / encoder.features().sampleRate();
    return recordings.stream()
            .mapToDouble(steps -> step * steps.length - LEAD_SECONDS - TAIL_SECONDS)
            .sum()
        / 3600;
  }

  private List<Float> detections(Network head, float[][] steps) {
    return new EnrolmentTrial(encoder, Enrolment.POLICY.withThreshold(Enrolment.LOWEST))
        .detections(Enrolment.posteriors(head, steps));
  }

  /** The share of the clips missed at each rate, where the false alarms' scores are sorted. */
  private double[] missed(Network head, List<float[][]> clips, List<Float> alarms, double hours) {
    List<Float> best =
        clips.parallelStream()
            .map(steps -> detections(head, steps).stream().max(Float::compare).orElse(0f))
            .toList();
    return RATES.stream()
        .mapToDouble(
            rate -> {
              int allowed = (int) (rate * hours);
              float strongest = allowed < alarms.size() ? alarms.get(allowed) : 0;
              long missed = best.stream().filter(score -> score <= strongest).count();
              return (double) missed / best.size();
            })
        .toArray();
  }

  private static String percent(double... shares) {
    return String.format(Locale.ROOT, "%.1f | %.1f %%", 100 * shares[0], 100 * shares[1]);
  }
}
