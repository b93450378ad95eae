// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.state.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The saved states of one task in the shared folder: another attempt, perhaps on another machine or
 * in a later job, continues where this one was killed.
 *
 * <p>A checkpoint is a file of its own that ends with a checksum. Nothing is replaced or renamed,
 * so object stores will do, and attempts at the same task do not disturb each other: a state that
 * either of them saved is valid for both.
 */
final class Checkpoints {
  private final FileSystem files;
  private final Path folder;
  private final String attempt;

  /**
   * The checkpoints of a task.
   *
   * @param attempt of the task, unique
   */
  Checkpoints(Path all, String task, String attempt, Configuration hadoop) throws IOException {
    folder = new Path(all, task);
    files = folder.getFileSystem(hadoop);
    this.attempt = attempt;
  }

  /** The last state that is whole, or a new one. */
  TaskState last() throws IOException {
    FileStatus[] saved = list();
    Arrays.sort(
        saved, Comparator.comparing((FileStatus one) -> one.getPath().getName()).reversed());
    for (FileStatus one : saved) {
      TaskState state = read(one.getPath());
      if (state != null) {
        return state;
      }
    }
    return new TaskState();
  }

  private FileStatus[] list() throws IOException {
    try {
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Null if it was being written when its task was killed, or has been deleted meanwhile. */
  private TaskState read(Path path) throws IOException {
    byte[] bytes;
    try (InputStream in = files.open(path)) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException e) {
      return null;
    }
    int length = bytes.length - Long.BYTES;
    if (length < 0) {
      return null;
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    if (ByteBuffer.wrap(bytes).getLong(length) != checksum.getValue()) {
      return null;
    }
    TaskState state = new TaskState();
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      state.state(Snapshot.from(in.readAllBytes()));
    } catch (IOException | UncheckedIOException e) {
      throw new IOException(path + ": damaged", e);
    }
    return state;
  }

  /** Saves a state, then deletes the earlier ones. */
  void save(TaskState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(Snapshot.save(state::state));
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes.toByteArray());
    new DataOutputStream(bytes).writeLong(checksum.getValue());
    String order =
        String.format(
            "%08d-%04d-%04d-%015d",
            state.finished.size(), state.track, state.channel, state.frames);
    Path target = new Path(folder, order + "-" + attempt);
    try (OutputStream out = files.create(target, true)) {
      bytes.writeTo(out);
    }
    for (FileStatus one : list()) {
      String name = one.getPath().getName();
      if (name.compareTo(order) < 0) {
        files.delete(one.getPath(), false);
      }
    }
  }
}
