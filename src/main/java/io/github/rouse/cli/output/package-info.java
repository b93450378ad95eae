// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that commands write: {@link io.github.rouse.cli.output.Console} for standard output
 * and error, event formats, progress lines, reports and output files. Uses {@code actions}, {@code
 * advice}, {@code eval.report}, {@code train} and the rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.output;
