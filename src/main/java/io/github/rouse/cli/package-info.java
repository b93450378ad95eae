/**
 * The command line: parse, call, print. The only room that writes to the standard streams and
 * chooses exit codes; it may use every other room. One class per command, registered in {@link
 * io.github.rouse.cli.Main}.
 */
package io.github.rouse.cli;
