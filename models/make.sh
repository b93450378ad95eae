#!/bin/sh
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, then `rouse train`,
# resumable, then `rouse tune`. Needs ../shared beside the clone, espeak-ng and flite. About ten
# minutes on two cores.
set -eu
cd "$(dirname "$0")"
spoken=../target/spoken
word=jarvis

# speak_all FILE FOLDER COUNT SEED: each line of a file, in COUNT voices
speak_all() {
  seed=$4
  while read -r text; do
    seed=$((seed + 1))
    ../rouse speak --quiet --word "$text" --out "$spoken/$2" --count "$3" --seed "$seed" </dev/null
  done <"$1"
}

if [ ! -f "$spoken/done" ]; then
  ../rouse speak --quiet --word "$word" --out "$spoken/$word" --count 150
  speak_all other-speech.txt others 6 100
  speak_all "near-$word.txt" near 16 500
  touch "$spoken/done"
fi
../rouse train "$word.yaml" --out "$word.onnx" --threads 2 --resume
set -- --false-alarms-per-hour 1
while read -r path; do
  set -- "$@" --negatives "$path"
done <<EOF
$(./development-negatives.sh "$word")
EOF
../rouse tune "$word.onnx" "$@"
