# Words that PocketSphinx heard (-hypseg) as phones in NIST's CTM format: the words' times, shared out
# among the phones of the dictionary, vowels half as long again as consonants.
# Usage: awk -f phones.awk -v chunk=SECONDS DICTIONARY HYPSEG
# With chunk, names end in .NUMBER: stretches of so many seconds of a longer recording.
FNR == NR {
  word = $1
  $1 = ""
  phones[word] = $0
  next
}
{
  name = $1
  offset = 0
  if (chunk && match(name, /\.[0-9]+$/)) {
    offset = (substr(name, RSTART + 1) - 1) * chunk
    name = substr(name, 1, RSTART - 1)
  }
  # name S . T . A . L . then start, two scores and word of each, then the end
  for (i = 10; i + 3 <= NF; i += 4) {
    if (!($(i + 3) in phones)) {
      continue
    }
    start = $i / 100
    length_ = $(i + 4) / 100 - start
    count = split(phones[$(i + 3)], phone, " ")
    sum = 0
    for (k = 1; k <= count; k++) {
      sum += phone[k] ~ /^[AEIOU]/ ? 1.5 : 1
    }
    at = offset + start
    for (k = 1; k <= count; k++) {
      share = length_ * (phone[k] ~ /^[AEIOU]/ ? 1.5 : 1) / sum
      printf "%s 1 %.3f %.3f %s\n", name, at, share, phone[k]
      at += share
    }
  }
}
