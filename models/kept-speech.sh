#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the real speech that nothing here is trained on, one path a line: every fifth speaker of the accents,
# reader 27 of the stories, readers-development, the commands and single words that no recipe names, one German
# reader, every fifth speaker of the Arabic words, a fifth of the precise words, the development recordings of
# other words. For figures and thresholds alone. What the shipped words were trained on is smaller than what
# a recipe may name, so this holds for them too. Sentences that say one of the WORDs are left out.
# Usage: models/kept-speech.sh WORD...
set -eu
said=$(echo "${*:-nothing}" | tr ' ' '|')
cd "$(dirname "$0")"
shared=../../shared/speech
sources=../target/sources
ls -d $shared/accents/*[05].ogg $shared/readers-development $shared/stories/27-* $shared/commands/[0-3]* \
  $shared/words/bed/[0-2]* $shared/words/cat/[0-2]* $shared/words/happy/[0-2]* $shared/words/mixed/*-[0-2]*
for other in jarvis computer alexa view-glass; do
  case " $* " in *" $other "*) ;; *) echo ../../shared/keywords/$other/development ;; esac
done
if [ -d $sources ]; then
  # by their first field, the file's name
  grep -Eiv "$said" $sources/kerstin/metadata.csv | cut -d '|' -f 1 | sed "s#.*#$sources/kerstin/&.flac#"
  ls -d $sources/arabic/?5-* $sources/precise/athena/athena-en-[0-2]* \
    $sources/precise/heychatterbox/heychatterbox-en-us-[0-2]* \
    $sources/precise/not-wake-words/notwakeword-en-[0-2]*
else
  echo "kept-speech.sh: $sources is not there: run models/sources.sh for the German, Arabic and precise words" >&2
fi
