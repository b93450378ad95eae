// SPDX-License-Identifier: Apache-2.0
/**
 * Measures a model's accuracy and an engine's speed. {@link io.github.rouse.eval.Evaluator} counts
 * misses and false alarms, {@link io.github.rouse.eval.Calibrator} collects false-alarm scores, and
 * {@link io.github.rouse.eval.EngineSpeed} times an engine.
 *
 * <p>Uses the root package and {@code engine}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.eval;
