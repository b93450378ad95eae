#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trains variants of the recipe of the shipped models and prints the figures of each (figures.sh): what
# every part of it gains. Needs what make.sh speaks and labels first; each is trained in the folder
# ../target/trials, where an interrupted run goes on. A full training has 96 epochs.
# Usage: models/trials.sh EPOCHS [VARIANT...]
set -eu
cd "$(dirname "$0")"
words="jarvis computer alexa"
variants="as-it-is seed-2 seed-3 pcen narrow less-varied no-voices no-rhythm no-rooms no-noise no-masking \
no-synthetic-words no-synthetic-speech no-hard-negatives no-auxiliary no-carrying no-phones unseen"
epochs=${1:?usage: models/trials.sh EPOCHS [VARIANT...]}
shift
trials=../target/trials/$epochs
mkdir -p "$trials"

recurrent() {
  echo "network:"
  echo "  - conv: {filters: $1, kernel: 5, stride: 3}"
  printf '  - %s\n' norm relu 'dropout: 0.1' "gru: $1" 'dropout: 0.1' "gru: $1"
}

# changed VARIANT: the recipe on standard input, changed
changed() {
  case $1 in
    no-synthetic-words) sed '/^    - .*spoken/d' ;;
    no-synthetic-speech) sed '/^  - .*spoken.others/d' ;;
    no-auxiliary) sed '/^auxiliary:/,/^negatives:/{/^negatives:/!d;}' ;;
    no-phones) sed '/^phones:/d' ;;
    pcen) sed 's/^features:.*/features: pcen/' ;;
    less-varied) sed '/^augmentation:/d' ;; # voices as by default
    no-voices) sed 's/^augmentation:.*/augmentation: {voice: {speed: 0, tempo: 0, rhythm: 0, closures: 0, pitch: 0, formants: 0}}/' ;;
    no-rhythm) sed 's/^augmentation: {voice: {/&rhythm: 0, closures: 0, /' ;;
    no-rooms) sed 's/^augmentation: {/&reverberation: 0, tilt: 0, telephone: 0, /' ;;
    no-noise) sed 's/^augmentation: {/&noise: {probability: 0}, /' ;;
    no-masking) sed 's/^augmentation: {/&masking: 0, /' ;;
    no-carrying) sed '/^schedule:/d' ;;
    unseen) sed '/^  view-glass:/d; /^  alexa:/d' ;; # for enrolment-trials.sh
    *) cat ;;
  esac
  case $1 in
    narrow) recurrent 64 ;;
    no-hard-negatives) echo "clips: {hardNegatives: 0}" ;;
    no-carrying) echo "schedule: {heldOut: 0, statefulClips: 0}" ;;
    pcen | less-varied | no-voices | no-rhythm | no-rooms | no-noise | no-masking) ;; # changed above
    as-it-is | seed-* | no-synthetic-* | no-auxiliary | no-phones | unseen) ;;
    *)
      echo "trials.sh: variant=$1, expected one of $variants" >&2
      exit 2
      ;;
  esac
}

# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $variants
for variant; do
  seed=1
  case $variant in seed-*) seed=${variant#seed-} ;; esac
  model=$trials/$variant.onnx
  recipe=trial-$variant.yaml
  trap 'rm -f "$recipe"' EXIT
  learnt=$words
  [ "$variant" != unseen ] || learnt="jarvis computer"
  # shellcheck disable=SC2086
  ./recipe.sh $learnt | changed "$variant" >"$recipe"
  [ -f "$model.trained" ] ||
    ../rouse train "$recipe" --out "$model" --epochs "$epochs" --seed "$seed" --threads 2 --resume
  rm "$recipe"
  for word in $learnt; do
    figures=$(./figures.sh "$model" "$word")
    echo "$variant, $word: $figures"
  done
done
