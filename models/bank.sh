#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes multi/words.bank, other speech for `rouse enroll` as the encoder of multi/words.onnx hears it: six and a half hours of
# what that was trained on, a quarter of the Arabic words, a sixteenth of the synthetic speech, nothing of kept-speech.sh. Needs ../shared beside the
# clone, and ../target/sources and ../target/spoken (sources.sh, make.sh).
# Usage: models/bank.sh [ENCODER OUT]
set -eu
cd "$(dirname "$0")"
speech=../../shared/speech
sources=../target/sources
encoder=${1:-trained/speech.onnx}
out=${2:-multi/words.bank}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
{
  ls -d "$speech"/accents/*[1-46-9].ogg "$speech"/readers/* "$speech"/stories/19-* "$speech"/stories/26-* \
    "$speech"/kathleen/* "$speech"/commands/[4-9a-f]* "$speech"/words/mixed/*-[3-9a-f]*_* \
    "$speech"/words/bed/[3-9a-f]* "$speech"/words/cat/[3-9a-f]* "$speech"/words/happy/[3-9a-f]* \
    "$speech"/words/hadouken/* "$speech"/words/trick_or_treat/* "$speech"/words/how_are_you/* \
    "$speech"/words/goodnight/* "$speech"/spanish/* \
    "$sources"/precise/amelia/amelia-[3-9a-f]* "$sources"/precise/athena/athena-en-[3-9a-f]* \
    "$sources"/precise/heychatterbox/heychatterbox-en-us-[3-9a-f]* \
    "$sources"/precise/not-wake-words/notwakeword-en-[3-9a-f]*
} >"$scratch/paths"
ls -d "$sources"/arabic/?[1379]-* >"$scratch/arabic"
awk 'NR % 4 == 0' "$scratch/arabic" >>"$scratch/paths"
find ../target/spoken/others -name '*.wav' >"$scratch/spoken"
sort "$scratch/spoken" | awk 'NR % 16 == 0' >>"$scratch/paths"
awk '/\.(wav|flac|ogg|mp3)$/ { print "--negatives"; print "\"" $0 "\"" }' "$scratch/paths" >"$scratch/list"
../rouse embed "$encoder" "@$scratch/list" --out "$out"
