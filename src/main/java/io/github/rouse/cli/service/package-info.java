// SPDX-License-Identifier: Apache-2.0
/**
 * Runs {@code rouse listen} or {@code rouse serve} in the background for a user: by systemd,
 * launchd or the Windows Task Scheduler. Uses {@code cli.options} and the rooms below it.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.service;
