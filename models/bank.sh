#!/bin/sh
# Writes multi/words.bank, other speech for `rouse enroll` as the first layers of multi/words.onnx give it:
# a quarter of an hour of some 150 people, out of what that was trained on. Needs ../shared beside the clone.
# Usage: models/bank.sh [MODEL OUT]
set -eu
cd "$(dirname "$0")"
speech=../../shared/speech
model=${1:-multi/words.onnx}
out=${2:-multi/words.bank}
set --
for path in "$speech"/readers/[1-2]* "$speech"/commands/[d-f]* "$speech"/words/mixed/*-[3-9]* \
  "$speech"/words/bed/3* "$speech"/words/cat/3* "$speech"/words/happy/3* "$speech"/spanish/*[02468].flac; do
  set -- "$@" --negatives "$path"
done
../rouse embed "$model" "$@" --out "$out"
