// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

/** A layer whose output at a step depends on its output at the step before. */
public sealed interface RecurrentLayer extends Layer permits Gru, Lstm, SimpleRnn {}
