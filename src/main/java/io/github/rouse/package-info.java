// SPDX-License-Identifier: Apache-2.0
/**
 * The entry points for applications. {@link io.github.rouse.Rouse} listens and scans; {@link
 * io.github.rouse.Detector} turns an application's own samples into events:
 *
 * <pre>
 *   PCM -&gt; audio (mono, the model's rate) -&gt; feature (frames)
 *     -&gt; nn (posteriors) -&gt; trigger (events)
 * </pre>
 *
 * <p>{@link io.github.rouse.DetectorPool} does the same for many live streams, and {@link
 * io.github.rouse.Listener} runs a detector on a microphone, as {@link
 * io.github.rouse.ListenerBuilder} sets it up.
 *
 * <p>Programs may use this package and the types that its signatures name; {@code
 * docs/public-api.txt} lists them.
 *
 * <p>Uses {@code detect} and {@code audio.capture}.
 */
package io.github.rouse;
