#!/bin/sh
# Trains the shipped models anew: synthetic voices through espeak-ng, then `rouse train`, resumable.
# Needs ../shared beside the clone, and espeak-ng. About ten minutes on two cores.
set -eu
cd "$(dirname "$0")"
spoken=../target/spoken
word=jarvis
if [ ! -f "$spoken/done" ]; then
  ../rouse speak --quiet --word "$word" --out "$spoken/$word" --count 150
  seed=100
  while read -r text; do
    seed=$((seed + 1))
    ../rouse speak --quiet --word "$text" --out "$spoken/others" --count 6 --seed "$seed" </dev/null
  done <other-speech.txt
  touch "$spoken/done"
fi
../rouse train "$word.yaml" --out "$word.onnx" --threads 2 --resume
