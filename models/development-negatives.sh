#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the recordings without WORD or WORDS that no recipe here trains on, one path a line.
set -eu
shared=$(cd "$(dirname "$0")" && pwd)/../../shared
ls -d "$shared"/speech/readers-development "$shared"/speech/stories/27-* \
  "$shared"/speech/commands/[0-3]* "$shared"/speech/words/bed/[0-2]* \
  "$shared"/speech/words/cat/[0-2]* "$shared"/speech/words/happy/[0-2]* \
  "$shared"/speech/words/mixed/*-[0-2]*
for other in jarvis computer alexa view-glass; do
  case " $* " in *" $other "*) ;; *) echo "$shared/keywords/$other/development" ;; esac
done
