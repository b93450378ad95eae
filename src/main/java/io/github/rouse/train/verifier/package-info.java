// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a detector's second look: heads over a speech encoder's vectors. {@link
 * io.github.rouse.train.verifier.VerifierTrainer} is the door. Internal.
 */
package io.github.rouse.train.verifier;
