// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.rouse.nn.Network;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of weights, so that a report can say which ones it is about. */
public final class WeightHash {
  private WeightHash() {}

  /** Of all weights of a network as little-endian floats, in ONNX file order. */
  public static String of(Network network) {
    MessageDigest digest = digest();
    for (TensorProto tensor : OnnxWriter.model(network).getGraph().getInitializerList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
        digest.update(tensor.getRawData().asReadOnlyByteBuffer());
      }
    }
    return hex(digest.digest());
  }

  /** Of a whole graph, which only ONNX Runtime runs. */
  public static String of(GraphProto graph) {
    return hex(digest().digest(graph.toByteArray()));
  }

  /** Of a graph in text form. */
  public static String of(String text) {
    return hex(digest().digest(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String hex(byte[] bytes) { // Android has no HexFormat
    StringBuilder hex = new StringBuilder();
    for (byte b : bytes) {
      hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return hex.toString();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
