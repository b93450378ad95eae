// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

/** Receives what a line delivers; the microphone passes it on to its events. */
@FunctionalInterface
interface CaptureTap {
  void captured(float[] interleaved, float[] heard, int frames, int channels, int sampleRate);
}
