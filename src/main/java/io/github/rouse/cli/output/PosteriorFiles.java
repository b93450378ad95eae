// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.model.WakeModel;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code NAME.MODEL.f32} per model: little-endian float32 [steps][words]. */
public final class PosteriorFiles implements Closeable {
  private final Map<WakeModel, ScanOutput> files = new LinkedHashMap<>();

  /** Opens one file per model in {@code folder}; none if it is null. */
  public PosteriorFiles(Path folder, String name, List<WakeModel> models) throws IOException {
    if (folder != null) {
      try {
        for (WakeModel model : models) {
          files.put(model, new ScanOutput(folder.resolve(name + "." + model.name() + ".f32")));
        }
      } catch (IOException e) {
        close();
        throw e;
      }
    }
  }

  public void write(WakeModel model, float[] posteriors) {
    ScanOutput file = files.get(model);
    if (file == null) {
      return;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(posteriors.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(posteriors);
    try {
      file.out().write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves the complete files into place. */
  public void commit() throws IOException {
    for (ScanOutput file : files.values()) {
      file.commit();
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (ScanOutput file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
