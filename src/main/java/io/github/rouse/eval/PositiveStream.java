// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.SpeechBounds;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Clips of one word each, with a second of low noise before and after each. Mixed-in noise
 * continues through the gaps, where one clip's noise fades into the next.
 *
 * @param rate to play at, Hz
 */
record PositiveStream(List<PositiveClip> clips, int rate, Noise noise) implements EvaluationStream {
  @Override
  public List<Recording> recordings() {
    return clips.stream().map(PositiveClip::recording).toList();
  }

  @Override
  public void play(SampleSink sink, Consumer<Span> played, Problems problems) throws IOException {
    Random random = new Random(1);
    Noise.Decoded decoded = new Noise.Decoded(rate);
    float[] fading = new float[rate]; // noise of the previous clip, continued
    long at = 0; // samples
    for (PositiveClip one : clips) {
      float[] clip;
      try {
        clip = one.recording().samples(rate);
      } catch (IOException e) {
        problems.unreadable(e);
        continue;
      }
      SpeechBounds speech = SpeechBounds.of(clip, rate); // independent of the gain
      amplify(clip, one.gain());
      float[] bed = bed(one, clip, speech, decoded); // [gap, clip, gap]
      sink.accept(gap(random, fading, bed), 0, rate);
      for (int k = 0; k < clip.length; k++) {
        clip[k] = clip(clip[k] + bed[rate + k]);
      }
      sink.accept(clip, 0, clip.length);
      System.arraycopy(bed, rate + clip.length, fading, 0, rate);
      long start = at + rate;
      at = start + clip.length;
      played.accept(
          new Span(one.recording(), start, at, start + speech.start(), start + speech.end()));
    }
    sink.accept(gap(random, fading, new float[rate]), 0, rate);
  }

  private static void amplify(float[] clip, double gain) {
    float factor = (float) Math.pow(10, gain / 20);
    for (int i = 0; i < clip.length; i++) {
      clip[i] = clip(factor * clip[i]);
    }
  }

  private static float clip(float sample) {
    return Math.max(-1, Math.min(1, sample));
  }

  private float[] bed(PositiveClip one, float[] clip, SpeechBounds speech, Noise.Decoded decoded)
      throws IOException {
    int length = clip.length + 2 * rate;
    if (noise.isSilent()) {
      return new float[length];
    }
    double energy = 0;
    for (int i = speech.start(); i < speech.end(); i++) {
      energy += (double) clip[i] * clip[i];
    }
    double power = energy / Math.max(1, speech.end() - speech.start());
    float factor = (float) Math.sqrt(power / Math.pow(10, one.snr() / 10));
    float[] bed = noise.under(one.turn(), length, decoded);
    for (int i = 0; i < length; i++) {
      bed[i] *= factor;
    }
    return bed;
  }

  /** Low noise plus an equal-power cross-fade from one noise to another. */
  private float[] gap(Random random, float[] out, float[] in) {
    float[] gap = EvaluationStream.gap(random, rate);
    for (int i = 0; i < rate; i++) {
      double share = (double) i / rate;
      double mixed = Math.sqrt(1 - share) * out[i] + Math.sqrt(share) * in[i];
      gap[i] = clip(gap[i] + (float) mixed);
    }
    return gap;
  }
}
