/**
 * The embedder's door. {@link io.github.rouse.Rouse} listens and scans in one line; {@link
 * io.github.rouse.Detector} is the corridor from samples to events for those with their own audio:
 *
 * <pre>
 *   PCM -&gt; audio (mono, the model's rate) -&gt; feature (frames) -&gt; nn (posteriors) -&gt; trigger (events)
 * </pre>
 *
 * <p>{@link io.github.rouse.DetectorPool} does the same for many live streams at once.
 *
 * <p>Uses {@code audio}, {@code feature}, {@code nn}, {@code trigger} and {@code model}.
 */
package io.github.rouse;
