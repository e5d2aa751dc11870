# Prints what FaultFigures.swift wrote, sorted: fault, outcome and number, with tabs between; equal ones are added up.
# What was not tried is told once more at the end, and counted nowhere.

{
  key = $1 "\t" $2
  if (!(key in place)) { order[++lines] = key; place[key] = lines }
  if ($3 == "-") { absent[key] = 1 } else sum[key] += $3
  if (length($1) > width) width = length($1)
}

END {
  if (!lines) { print "no figures: no fault was tried"; exit 1 }
  last = ""
  for (line = 1; line <= lines; line++) {
    split(order[line], part, "\t")
    number = order[line] in absent ? "-" : sum[order[line]]
    printf "%-" width "s  %7s  %s\n", part[1] == last ? "" : part[1], number, part[2]
    last = part[1]
  }
  for (line = 1; line <= lines; line++) if (order[line] in absent) {
    split(order[line], part, "\t")
    print "NOT RUN: " part[1] ": " substr(part[2], 10)
  }
}
