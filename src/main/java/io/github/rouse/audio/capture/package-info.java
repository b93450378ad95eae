// SPDX-License-Identifier: Apache-2.0
/**
 * Microphone and loudspeaker through javax.sound. {@link io.github.rouse.audio.capture.Microphone}
 * delivers samples and reopens a lost device; {@link io.github.rouse.audio.capture.CaptureDevices}
 * lists the devices; {@link io.github.rouse.audio.capture.Chime} plays a sound.
 *
 * <p>Uses {@code audio}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.audio.capture;
