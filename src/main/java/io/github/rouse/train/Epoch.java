package io.github.rouse.train;

/**
 * How one epoch went.
 *
 * @param loss mean over its batches
 * @param heldOutLoss at its end, of the averaged weights
 * @param rate the learning rate at its end
 */
public record Epoch(double loss, double heldOutLoss, double rate) {}
