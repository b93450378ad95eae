#!/bin/sh
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, phones of running speech
# through PocketSphinx, then `rouse train`, resumable, and `rouse tune`. Needs ../shared beside the
# clone; apt: espeak-ng flite pocketsphinx pocketsphinx-en-us sox. About a quarter of an hour per
# model on two cores. Run it again after an interruption; remove NAME.onnx.trained to train a model
# afresh, after a change of its data too.
# Usage: models/make.sh [NAME...] (default: jarvis computer alexa words)
set -eu
cd "$(dirname "$0")"
target=../target
mkdir -p $target/spoken multi

# speak TEXT FOLDER COUNT SEED
speak() {
  ../rouse speak --quiet --word "$1" --out "$target/spoken/$2" --count "$3" --seed "$4" </dev/null
}

# speak_all FILE FOLDER COUNT SEED: each line of a file, in COUNT voices
speak_all() {
  seed=$4
  while read -r text; do
    seed=$((seed + 1))
    speak "$text" "$2" "$3" "$seed"
  done <"$1"
}

wanted=$(cat make.sh other-speech.txt near-*.txt | cksum)
if [ "$(cat $target/spoken/done 2>/dev/null)" != "$wanted" ]; then
  rm -rf $target/spoken
  speak jarvis jarvis 300 1
  speak computer computer 300 1
  speak alexa alexa 300 1
  speak "view glass" view-glass 300 1 # no shipped model's: for `make.sh view-glass`
  speak_all other-speech.txt others 6 100
  for word in jarvis computer alexa; do
    speak_all near-$word.txt near 4 500
  done
  echo "$wanted" >$target/spoken/done
fi
[ -f $target/phones.ctm ] || ./phones.sh $target/phones.ctm

[ $# -gt 0 ] || set -- jarvis computer alexa words
for name in "$@"; do
  case $name in
    words) # on its own, so that `rouse scan` without --model does not tell every word twice
      said="jarvis computer alexa"
      model=multi/words.onnx
      ;;
    *)
      said=$name
      model=$name.onnx
      ;;
  esac
  # shellcheck disable=SC2086
  ./recipe.sh $said >"$name.yaml.part"
  mv "$name.yaml.part" "$name.yaml"
  [ -f "$model.trained" ] || ../rouse train "$name.yaml" --out "$model" --threads 2 --resume
  # shellcheck disable=SC2086
  negatives=$(./development-negatives.sh $said)
  (
    set -- --false-alarms-per-hour 1
    while read -r path; do
      set -- "$@" --negatives "$path"
    done <<EOF
$negatives
EOF
    ../rouse tune "$model" "$@"
  )
done
