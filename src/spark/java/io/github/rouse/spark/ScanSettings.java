// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The models and settings of a scan. They are broadcast: an executor receives them once, and
 * unpacks the models once for all of its tasks.
 */
final class ScanSettings implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final ArrayList<PackedModel> packed = new ArrayList<>();
  private final String channel;
  private final boolean nearMisses;
  private transient List<WakeModel> models;

  ScanSettings(List<WakeModel> models, Channel channel, boolean nearMisses) throws IOException {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models=[], expected at least one");
    }
    for (WakeModel model : models) {
      packed.add(PackedModel.of(model));
    }
    this.channel = channel.toString();
    this.nearMisses = nearMisses;
  }

  /** The models; the same objects for every task of an executor. */
  synchronized List<WakeModel> models() {
    if (models == null) {
      List<WakeModel> unpacked = new ArrayList<>();
      try {
        for (PackedModel one : packed) {
          unpacked.add(one.unpack());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      models = List.copyOf(unpacked);
    }
    return models;
  }

  Channel channel() {
    return Channel.parse(channel);
  }

  boolean nearMisses() {
    return nearMisses;
  }

  /** SHA-256 of models, settings and channel: results of the same one may stand side by side. */
  String sha256() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sha256(bytes.toByteArray());
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
