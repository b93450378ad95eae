// SPDX-License-Identifier: Apache-2.0
/**
 * Renders evaluations and scans. {@link io.github.rouse.eval.report.Report} adds an evaluation to
 * an HTML {@link io.github.rouse.eval.report.Page}; {@link io.github.rouse.eval.report.ScanPlot}
 * draws one scanned file.
 *
 * <p>Uses {@code eval}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.eval.report;
