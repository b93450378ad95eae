# Words that PocketSphinx heard (-hypseg) as phones in NIST's CTM format: the words' times, shared out
# among the phones of the dictionary, vowels half as long again as consonants.
# Usage: awk -f phones.awk DICTIONARY HYPSEG
function weight(phone) {
  return phone ~ /^[AEIOU]/ ? 1.5 : 1
}
FNR == NR {
  word = $1
  $1 = ""
  phones[word] = $0
  next
}
{
  # name S . T . A . L . then start, two scores and word of each, then the end; hundredths of seconds
  for (i = 10; i + 4 <= NF; i += 4) {
    count = split(phones[$(i + 3)], phone, " ")
    sum = 0
    for (k = 1; k <= count; k++) {
      sum += weight(phone[k])
    }
    at = $i / 100
    for (k = 1; k <= count; k++) {
      share = ($(i + 4) - $i) / 100 * weight(phone[k]) / sum
      printf "%s 1 %.3f %.3f %s\n", $1, at, share, phone[k]
      at += share
    }
  }
}
