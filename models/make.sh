#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, phones of running speech
# through PocketSphinx, `rouse train` of three networks for all words and of one that they teach (decision
# 021), `rouse export` of a model for each word, its weights in 8 bits, `rouse tune`. Needs ../shared beside
# the clone; apt: espeak-ng flite fortunes pocketsphinx pocketsphinx-en-us sox. About five hours on two
# cores. Run it again after an interruption; remove models/trained and target/trials to train afresh, and
# target/spoken too after a change of what is spoken.
set -eu
cd "$(dirname "$0")"
target=../target
words="jarvis computer alexa"

# speak FOLDER SEED WHAT...
speak() {
  folder=$target/spoken/$1
  seed=$2
  shift 2
  [ -d "$folder" ] && return
  rm -rf "$folder.part"
  ../rouse speak --quiet "$@" --out "$folder.part" --seed "$seed" </dev/null
  mv "$folder.part" "$folder"
}

for word in $words; do
  speak "$word" 1 --word "$word" --count 300
done
speak view-glass 1 --word "view glass" --count 300 # no shipped model's: for `recipe.sh view-glass`
texts=$target/texts
# shellcheck disable=SC2086
./texts.sh $texts $words view glass
{
  for _ in 1 2 3 4 5 6; do cat other-speech.txt; done # what is easily taken for the words
  head -n 7000 $texts/sentences.txt
  head -n 4000 $texts/words.txt
} >$texts/training.txt
speak others 2 --lines $texts/training.txt
{
  sed -n '7001,16000p' $texts/sentences.txt
  sed -n '4001,8000p' $texts/words.txt
  sed -n '16001,$p' $texts/sentences.txt
  sed -n '8001,12000p' $texts/words.txt
} >$texts/development.txt
speak development 3 --lines $texts/development.txt # for `tune`
[ -f $target/phones.ctm ] || ./phones.sh $target/phones.ctm

# tune RATE MODEL WORD...: the threshold that gives so many false alarms per hour
tune() {
  rate=$1
  model=$2
  shift 2
  negatives=$(./development-negatives.sh "$@")
  set -- --false-alarms-per-hour "$rate" --negatives $target/spoken/development
  while read -r path; do
    set -- "$@" --negatives "$path"
  done <<EOF
$negatives
EOF
  ../rouse tune "$model" "$@"
}

# All words in one model lie apart, so that `rouse scan` without --model does not tell each twice.
all=multi/words.onnx
trained=trained/words.onnx
mkdir -p multi trained
if [ ! -f $trained.trained ]; then
  ./trials.sh 96 as-it-is seed-2 seed-3 # the teachers; tells what they miss
  teachers=$target/trials/96
  {
    # shellcheck disable=SC2086
    ./recipe.sh $words
    echo "# and by models/make.sh"
    echo "teachers: [$teachers/as-it-is.onnx, $teachers/seed-2.onnx, $teachers/seed-3.onnx]"
    echo "seed: 4 # no teacher's: other clips"
  } >words.yaml.part
  mv words.yaml.part words.yaml
  ../rouse train words.yaml --out $trained --threads 2 --resume
fi
aside=trained/tuned # an interruption leaves no model untuned where `rouse scan` would find it
mkdir -p $aside
for word in $words; do
  ../rouse export $trained --word "$word" --weights int8 --out "$aside/$word.onnx"
  tune 0.5 "$aside/$word.onnx" "$word"
done
../rouse export $trained --weights int8 --out $aside/words.onnx
# shellcheck disable=SC2086
tune 0.5 $aside/words.onnx $words
mv $aside/words.onnx $all
for word in $words; do
  mv "$aside/$word.onnx" .
done
./bank.sh # other speech for `rouse enroll`
