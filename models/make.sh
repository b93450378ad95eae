#!/bin/sh
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, phones of running speech
# through PocketSphinx, `rouse train` of one network for all words, `rouse export` of a model for each,
# `rouse tune`. Needs ../shared beside the clone; apt: espeak-ng flite pocketsphinx
# pocketsphinx-en-us sox. About half an hour on two cores. Run it again after an interruption; remove
# multi/words.onnx.trained to train afresh, after a change of the data too.
set -eu
cd "$(dirname "$0")"
target=../target
words="jarvis computer alexa"

# speak TEXT FOLDER COUNT SEED
speak() {
  ../rouse speak --quiet --word "$1" --out "$target/spoken/$2" --count "$3" --seed "$4" </dev/null
}

wanted=$(cat make.sh other-speech.txt | cksum)
if [ "$(cat $target/spoken/done 2>/dev/null)" != "$wanted" ]; then
  rm -rf $target/spoken
  mkdir -p $target/spoken
  for word in $words; do
    speak "$word" "$word" 300 1
  done
  speak "view glass" view-glass 300 1 # no shipped model's: for `recipe.sh view-glass`
  seed=100
  while read -r text; do
    seed=$((seed + 1))
    speak "$text" others 6 $seed
  done <other-speech.txt
  echo "$wanted" >$target/spoken/done
fi
[ -f $target/phones.ctm ] || ./phones.sh $target/phones.ctm

# tune RATE MODEL WORD...: the threshold that gives so many false alarms per hour
tune() {
  rate=$1
  model=$2
  shift 2
  negatives=$(./development-negatives.sh "$@")
  set -- --false-alarms-per-hour "$rate"
  while read -r path; do
    set -- "$@" --negatives "$path"
  done <<EOF
$negatives
EOF
  ../rouse tune "$model" "$@"
}

# All words in one model lie apart, so that `rouse scan` without --model does not tell each twice.
all=multi/words.onnx
mkdir -p multi
# shellcheck disable=SC2086
./recipe.sh $words >words.yaml.part
mv words.yaml.part words.yaml
[ -f $all.trained ] || ../rouse train words.yaml --out $all --threads 2 --resume
for word in $words; do
  ../rouse export $all --word "$word" --out "$word.onnx"
done
tune 0.1 jarvis.onnx jarvis # the others reach so few with thresholds that miss many words
tune 2 computer.onnx computer
tune 1 alexa.onnx alexa
# shellcheck disable=SC2086
tune 1 $all $words
