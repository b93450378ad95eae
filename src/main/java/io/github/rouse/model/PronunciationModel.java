// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.DecoderGraph;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.AttentionDecoder;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A network from the letters of a word to its phonemes, stored as two ONNX files in a folder: the
 * encoder, and one step of the decoder.
 *
 * @param letters the alphabet; the encoder reads one value for each and one for the end of the word
 * @param phonemes the decoder gives one value for each and one for the end of the word
 * @param encoder letters to one vector each
 * @param decoder vectors to phonemes
 * @param provenance how the model was made
 */
public record PronunciationModel(
    String letters,
    List<String> phonemes,
    Network encoder,
    AttentionDecoder decoder,
    Provenance provenance) {
  /** The name of the encoder's file. */
  public static final String ENCODER = "encoder.onnx";

  /** The name of the decoder's file. */
  public static final String DECODER = "decoder.onnx";

  /** Checks that the parts fit together. */
  public PronunciationModel {
    phonemes = List.copyOf(phonemes);
    if (letters.length() + 1 != encoder.inputs()
        || encoder.outputs() != decoder.encoded()
        || phonemes.size() + 1 != decoder.symbols()) {
      throw new IllegalArgumentException(
          String.format(
              "%d letters, encoder=%d to %d, decoder=%d to %d, %d phonemes do not fit",
              letters.length(),
              encoder.inputs(),
              encoder.outputs(),
              decoder.encoded(),
              decoder.symbols(),
              phonemes.size()));
    }
  }

  /**
   * Reads a model.
   *
   * @param folder that holds both files
   * @throws ModelFormatException if a file is not what {@link #write} wrote
   */
  public static PronunciationModel read(Path folder) throws IOException {
    Path encoder = folder.resolve(ENCODER);
    Path decoder = folder.resolve(DECODER);
    ModelProto read = OnnxFile.read(encoder);
    ModelProto given = OnnxFile.read(decoder);
    Map<String, String> texts = Metadata.texts(read, encoder);
    Metadata.requirePronunciation(texts, "encoder", encoder);
    Metadata.requirePronunciation(Metadata.texts(given, decoder), "decoder", decoder);
    try {
      return new PronunciationModel(
          Metadata.letters(texts, encoder),
          Metadata.phonemes(Metadata.texts(given, decoder), decoder),
          OnnxReader.network(read, encoder),
          DecoderGraph.read(given, decoder),
          Metadata.provenance(texts, encoder));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(folder, "", e.getMessage(), e);
    }
  }

  /** Writes both files into a folder, which is created. */
  public void write(Path folder, WeightType type) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.write(folder.resolve(ENCODER), encoderProto(type)::writeTo);
    AtomicFile.write(folder.resolve(DECODER), decoderProto(type)::writeTo);
  }

  /** The encoder's graph: {@code features} [1, letters, alphabet], 1 at each letter. */
  public ModelProto encoderProto(WeightType type) {
    ModelProto.Builder model = OnnxWriter.model(encoder, type).toBuilder();
    Metadata.addPronunciation(model, "encoder", letters, phonemes, provenance);
    return model.build();
  }

  /** The decoder's graph; see {@link DecoderGraph}. */
  public ModelProto decoderProto(WeightType type) {
    ModelProto.Builder model = DecoderGraph.write(decoder, type).toBuilder();
    Metadata.addPronunciation(model, "decoder", letters, phonemes, provenance);
    return model.build();
  }

  /** The same model with another record of how it was made. */
  public PronunciationModel with(Provenance other) {
    return new PronunciationModel(letters, phonemes, encoder, decoder, other);
  }

  /** The index that stands for the end of a sequence of phonemes, and for its start. */
  public int end() {
    return phonemes.size();
  }

  /** The number of trained parameters. */
  public long parameters() {
    return encoder.parameters() + decoder.parameters();
  }

  /**
   * Encodes a word.
   *
   * @return a vector for each letter and one for the end, [letters + 1][encoded]
   * @throws IllegalArgumentException if a letter is not in the alphabet
   */
  public float[][] encode(String word) {
    float[][] rows = new float[word.length() + 1][letters.length() + 1];
    for (int i = 0; i < word.length(); i++) {
      int letter = letters.indexOf(word.charAt(i));
      if (letter < 0) {
        throw new IllegalArgumentException(
            "word=" + word + ": the model reads the letters " + letters);
      }
      rows[i][letter] = 1f;
    }
    rows[word.length()][letters.length()] = 1f;
    return encoder.forward(rows);
  }
}
