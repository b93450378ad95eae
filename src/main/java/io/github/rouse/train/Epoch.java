// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

/**
 * The result of one epoch.
 *
 * @param loss mean over its batches
 * @param heldOutLoss held-out loss of the averaged weights at its end
 * @param rate learning rate at its end
 */
public record Epoch(double loss, double heldOutLoss, double rate) {}
