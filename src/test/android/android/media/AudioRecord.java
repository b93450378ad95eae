// SPDX-License-Identifier: Apache-2.0
package android.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.concurrent.CountDownLatch;

/** Delivers {@link #sound} as fast as it is read, then silence slowly, as a microphone would. */
public class AudioRecord {
  public static final CountDownLatch END = new CountDownLatch(1); // the whole sound was read
  public static byte[] sound; // 16-bit little-endian

  private final ShortBuffer samples =
      ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
  private volatile boolean recording;

  public AudioRecord(int source, int rate, int channels, int encoding, int bytes) {}

  public static int getMinBufferSize(int rate, int channels, int encoding) {
    return 1280;
  }

  public void startRecording() {
    recording = true;
    System.out.println("recording");
  }

  public int read(short[] to, int from, int length) {
    if (!recording) {
      return 0;
    }
    if (samples.remaining() < length) {
      END.countDown();
      try {
        Thread.sleep(80);
      } catch (InterruptedException e) {
        return 0;
      }
      return length;
    }
    samples.get(to, from, length);
    return length;
  }

  public void stop() {
    recording = false;
    System.out.println("stopped");
  }

  public void release() {
    System.out.println("released");
  }
}
