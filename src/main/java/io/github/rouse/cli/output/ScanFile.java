// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.trigger.TriggerEvent;
import java.io.Closeable;
import java.io.IOException;

/**
 * A file written beside the results of a scan. It receives the sound and the detections of one pass
 * over the source, and appears only if that pass reaches the end.
 */
public interface ScanFile extends DetectionHandler, Closeable {
  /** Takes the samples of all channels, interleaved, before they are scanned. */
  default void frames(float[] interleaved, int from, int length) {}

  /** Takes the samples of the scanned channel, after they are scanned. */
  default void samples(float[] samples, int from, int length) {}

  @Override
  default void event(TriggerEvent event) {}

  /** Completes the file and moves it into place. */
  void commit() throws IOException;

  /** Discards what is not committed. */
  @Override
  default void close() throws IOException {}
}
