/**
 * Sound in, as mono float at a known rate; the only room that knows javax.sound and TarsosDSP.
 *
 * <p>A file comes in through {@link io.github.rouse.audio.AudioFile}, a microphone through {@link
 * io.github.rouse.audio.capture.Microphone}; {@link io.github.rouse.audio.Channel} and {@link
 * io.github.rouse.audio.ChannelSelector} make one channel of many, {@link
 * io.github.rouse.audio.tarsos.Resampler} brings it to the model's rate. Between the capture thread
 * and the detector stands {@link io.github.rouse.audio.SampleRing}, which loses samples rather than
 * time and says where. {@link io.github.rouse.audio.WavWriter} and {@link
 * io.github.rouse.audio.capture.Chime} are the way out.
 *
 * <p>Uses no other room. Its neighbours downstream are {@code feature}, which takes the mono
 * samples, and {@code train}, which draws its clips through this package.
 */
package io.github.rouse.audio;
