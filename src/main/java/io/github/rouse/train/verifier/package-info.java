// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a detector's second look: heads over a speech encoder's vectors. {@link
 * io.github.rouse.train.verifier.VerifierTrainer} is the door.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.verifier;
