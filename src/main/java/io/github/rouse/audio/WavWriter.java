// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import io.github.rouse.file.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a 16-bit WAV file to a temporary file in the same folder; {@link #commit} moves it into
 * place, so no reader sees a partial file.
 */
public final class WavWriter implements Closeable {
  private static final int HEADER = 44; // bytes
  private static final long MAX_BYTES = 0xFFFFFFFFL - HEADER; // bytes of samples in a WAV

  private final Path target;
  private final Path temporary;
  private final int sampleRate;
  private final int channels;
  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
  private long bytes; // of samples
  private boolean broken; // a write failed, or the file is committed

  /**
   * Creates a file with no samples.
   *
   * @param target the final file; replaced if it exists
   * @param sampleRate frames per second
   * @param channels samples per frame
   * @throws IOException if the folder cannot be written to
   */
  public WavWriter(Path target, int sampleRate, int channels) throws IOException {
    if (sampleRate < 1) {
      throw new IllegalArgumentException("sampleRate=" + sampleRate + ", expected at least 1 Hz");
    }
    if (channels < 1 || channels > 1000) {
      throw new IllegalArgumentException("channels=" + channels + ", expected 1 to 1000");
    }
    this.target = target.toAbsolutePath();
    this.sampleRate = sampleRate;
    this.channels = channels;
    temporary = AtomicFile.aside(this.target);
    file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    temporary.toFile().deleteOnExit(); // Ctrl-C leaves nothing half-written
    buffer.position(HEADER);
  }

  /**
   * Writes samples. Values outside [-1, 1] are clipped; NaN becomes 0. After a failure every
   * further call fails, including {@link #commit}.
   *
   * @param samples holds them, interleaved
   * @param from index of the first sample
   * @param length number of samples
   * @throws IOException if the disk is full, or the file exceeds the WAV limit
   */
  public void write(float[] samples, int from, int length) throws IOException {
    checkWhole();
    broken = true; // until this write succeeds
    if (bytes + 2L * length > MAX_BYTES) {
      throw new IOException(target + ": a WAV file cannot hold more than 4 GiB");
    }
    for (int i = from; i < from + length; i++) {
      if (buffer.remaining() < 2) {
        flush();
      }
      buffer.putShort(SampleFormat.toSixteenBits(samples[i]));
    }
    bytes += 2L * length;
    broken = false;
  }

  /**
   * Completes the file and moves it into place.
   *
   * @throws IOException if this or an earlier write fails; the target is then unchanged
   */
  public void commit() throws IOException {
    checkWhole();
    broken = true; // a second commit fails
    flush();
    if (bytes / 2 % channels != 0) {
      throw new IOException(target + ": the last frame lacks channels");
    }
    writeHeader();
    file.close();
    AtomicFile.commit(temporary, target);
  }

  /**
   * Closes the file. Without a {@link #commit} it leaves nothing behind, and the target unchanged.
   */
  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void checkWhole() throws IOException {
    if (broken) {
      throw new IOException(target + ": incomplete after a failed write, or already committed");
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (ClosedChannelException e) {
      throw e; // by an interrupt
    } catch (IOException e) {
      throw AtomicFile.unwritable(target, e);
    }
    buffer.clear();
  }

  private void writeHeader() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    head.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt((int) (HEADER - 8 + bytes));
    head.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    head.putShort((short) 1).putShort((short) channels).putInt(sampleRate);
    head.putInt(sampleRate * channels * 2).putShort((short) (channels * 2)).putShort((short) 16);
    head.put("data".getBytes(StandardCharsets.US_ASCII)).putInt((int) bytes).flip();
    for (long at = 0; head.hasRemaining(); ) {
      at += file.write(head, at);
    }
  }
}
