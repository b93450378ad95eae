// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code NAME.MODEL.f32} per model: little-endian float32 [steps][words]. */
public final class PosteriorFiles implements ScanFile {
  private final Map<WakeModel, ScanOutput> files = new LinkedHashMap<>();

  /** Opens one file per model in {@code folder}. */
  public PosteriorFiles(Path folder, String name, List<WakeModel> models) throws IOException {
    try {
      for (WakeModel model : models) {
        files.put(model, new ScanOutput(folder.resolve(name + "." + model.name() + ".f32")));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] posteriors) {
    ByteBuffer bytes =
        ByteBuffer.allocate(posteriors.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(posteriors);
    try {
      files.get(model).out().write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
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
