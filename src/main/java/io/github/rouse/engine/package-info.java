// SPDX-License-Identifier: Apache-2.0
/**
 * Runs models in ONNX Runtime: to check the native engine, and to run graphs that it cannot. {@code
 * model} finds {@link io.github.rouse.engine.OnnxRuntime} at run time, so a program that only uses
 * the native engine needs no ONNX Runtime.
 *
 * <p>Uses {@code model} and the rooms below it. Only this room depends on ONNX Runtime.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.engine;
