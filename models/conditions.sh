#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a model misses of the development recordings as they are, at 10 dB, 25 dB softer, sampled at 8 kHz, 1 to
# 5 m away in simulated rooms, in running speech, a quarter faster and slower, 3 semitones higher and lower: `rouse eval`
# against the real speech that nothing here is trained on. The clips stay in target/conditions. Needs sox.
# Usage: models/conditions.sh MODEL.onnx WORD [options of `rouse eval`, such as --no-verifier]
set -eu
usage="usage: models/conditions.sh MODEL.onnx WORD [OPTIONS]"
model=${1:?$usage}
word=${2:?$usage}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
model=$(cd "$(dirname "$model")" && pwd)/$(basename "$model")
shared=$(cd "$here/../../shared" && pwd)
spoken=$shared/keywords/$word/development
mkdir -p "$here/../target"
clips=$(cd "$here/../target" && pwd)/conditions/$word

if [ ! -d "$clips" ]; then
  rm -rf "$clips.part"
  mkdir -p "$clips.part/fast" "$clips.part/slow" "$clips.part/high" "$clips.part/low"
  for file in "$spoken"/*; do
    name=$(basename "${file%.*}").wav
    sox "$file" "$clips.part/fast/$name" tempo -s 1.25
    sox "$file" "$clips.part/slow/$name" tempo -s 0.8
    sox "$file" "$clips.part/high/$name" pitch 300
    sox "$file" "$clips.part/low/$name" pitch -300
  done
  (cd "$here/.." && mvn -q -B test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test.classpath)
  java -cp "$here/../target/test-classes:$here/../target/classes:$(cat "$here/../target/test.classpath")" \
    io.github.rouse.eval.ConditionClips "$clips.part" "$spoken" "$shared/speech/readers-development" \
    "$shared"/noise/*-5-* "$shared"/noise/household-r* "$shared"/noise/music-s*
  mv "$clips.part" "$clips"
fi

cd "$here"
kept=$(./kept-speech.sh "$word" | sed 's/^/--negatives=/')
set -f
IFS='
'
# shellcheck disable=SC2086
printed=$(../rouse eval "$model" --word "$word" --quiet --positives "$spoken" --positives "$clips" "$@" $kept)
printf "%s\n" "$printed" | sed "/^negatives /,\$d; s#$clips/##; s#$spoken#as it is#"
