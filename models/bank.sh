#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes multi/words.bank, other speech for `rouse enroll` as the first layers of multi/words.onnx give it:
# eight minutes of some 80 people, out of what that was trained on. Needs ../shared beside the clone.
# Usage: models/bank.sh [MODEL OUT]
set -eu
cd "$(dirname "$0")"
speech=../../shared/speech
model=${1:-multi/words.onnx}
out=${2:-multi/words.bank}
set --
for path in "$speech"/readers/1* "$speech"/commands/[ef]* "$speech"/words/mixed/*-[3-5]* \
  "$speech"/words/bed/3* "$speech"/words/cat/3* "$speech"/spanish/*[05].flac; do
  set -- "$@" --negatives "$path"
done
../rouse embed "$model" "$@" --out "$out"
