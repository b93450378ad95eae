#!/bin/sh
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, then `rouse train`,
# resumable, then `rouse tune`. Needs ../shared beside the clone, espeak-ng and flite. About ten
# minutes on two cores.
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
set -- --false-alarms-per-hour 0.5
while read -r path; do
  set -- "$@" --negatives "$path"
done <<EOF
$(./development-negatives.sh "$word")
EOF
../rouse tune "$word.onnx" "$@"
