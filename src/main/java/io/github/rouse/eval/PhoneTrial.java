// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.nn.Network;
import io.github.rouse.phones.BeamDecoder;
import io.github.rouse.phones.GreedyDecoder;
import io.github.rouse.phones.HeardPhone;
import io.github.rouse.phones.PhoneDecoder;
import io.github.rouse.phones.PhoneErrors;
import io.github.rouse.phones.Utterance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Lets a phone recogniser hear utterances whose phones are known. */
public final class PhoneTrial {
  private static final double BEFORE_SECONDS = 0.2; // heard before an utterance
  private static final double AFTER_SECONDS =
      0.3; // and after it, for what the network has seen late

  private final PhoneModel model;
  private final PhonemeLanguage language; // or null
  private final Network network; // to probabilities
  private final PhoneErrors errors = new PhoneErrors();
  private Path read; // the file whose samples are kept
  private float[] samples = {};

  /**
   * Prepares a trial.
   *
   * @param language null for greedy decoding
   */
  public PhoneTrial(PhoneModel model, PhonemeLanguage language) {
    this.model = model;
    this.language = language;
    network = model.listener().network();
  }

  /**
   * Lets the recogniser hear an utterance.
   *
   * @return the phones that it heard
   * @throws IOException if the recording cannot be read to its end
   */
  public List<String> hear(Utterance utterance) throws IOException {
    int rate = model.features().sampleRate();
    if (!utterance.file().equals(read)) {
      samples = new Recording(utterance.file(), "").samples(rate);
      read = utterance.file();
    }
    int from = utterance.from(samples.length, rate) - (int) (BEFORE_SECONDS * rate);
    int to = utterance.to(samples.length, rate) + (int) (AFTER_SECONDS * rate);
    float[] part = new float[to - from]; // silence beyond the file
    int first = Math.max(0, from);
    System.arraycopy(samples, first, part, first - from, Math.min(samples.length, to) - first);
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(model.features())
        .accept(part, 0, part.length, (values, level) -> frames.add(values.clone()));
    List<String> heard = new ArrayList<>();
    Consumer<HeardPhone> add = phone -> heard.add(phone.phone());
    PhoneDecoder decoder =
        language == null
            ? new GreedyDecoder(model.phones(), 0, add)
            : new BeamDecoder(model.phones(), 0, language, add);
    Arrays.stream(network.forward(frames.toArray(float[][]::new)))
        .forEach(probabilities -> decoder.accept(0, probabilities));
    decoder.finish();
    errors.add(utterance.phones(), heard);
    return heard;
  }

  /** The errors in all utterances so far. */
  public PhoneErrors errors() {
    return errors;
  }
}
