// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: {@link io.github.rouse.cli.Main} runs one class per command. Those that listen
 * are here, those about models in {@code cli.models}, those that guide people in {@code cli.guide},
 * those about the service in {@code cli.service}. Only this room and its sub-rooms print and choose
 * exit codes. Uses {@code cli.guide}, {@code cli.service}, {@code serve.mqtt} and the rooms below
 * them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli;
