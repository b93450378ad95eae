#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One line of figures: missed words, %, with none / one / two / four false alarms in the development
# negatives, clean | at 10 dB (see development.sh).
# Usage: models/figures.sh MODEL.onnx WORD [options of `rouse eval`]
set -eu
: "${2:?usage: models/figures.sh MODEL.onnx WORD [OPTIONS]}"
told=$("$(dirname "$0")/development.sh" "$@" --quiet --format json)
printf "%s\n" "$told" | awk '
  function number(text, name) {
    return match(text, "\"" name "\": *[0-9.eE+-]+") ? substr(text, RSTART + length(name) + 3) + 0 : -1
  }
  /^(clean|10 dB)$/ { next }
  { json = json $0 }
  /^}$|}$/ {
    sub(/"as_it_is".*/, "", json)
    for (most = 0; most <= 4; most = most ? 2 * most : 1) {
      best[most] = 100
    }
    count = split(json, points, "{")
    for (i = 1; i <= count; i++) {
      alarms = number(points[i], "false_alarms")
      missed = 100 * number(points[i], "miss_rate")
      for (most in best) {
        if (alarms >= 0 && alarms <= most + 0 && missed < best[most]) {
          best[most] = missed
        }
      }
    }
    printf "%s%.1f/%.1f/%.1f/%.1f", (lines++ ? " | " : ""), best[0], best[1], best[2], best[4]
    json = ""
  }
  END { print "" }'
