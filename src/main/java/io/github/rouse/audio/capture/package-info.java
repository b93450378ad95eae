// SPDX-License-Identifier: Apache-2.0
/**
 * Microphone and loudspeaker through javax.sound. {@link io.github.rouse.audio.capture.Microphone}
 * delivers samples and reopens a lost device; {@link io.github.rouse.audio.capture.CaptureDevices}
 * lists the devices; {@link io.github.rouse.audio.capture.Chime} plays a sound.
 *
 * <p>Uses {@code audio}.
 */
package io.github.rouse.audio.capture;
