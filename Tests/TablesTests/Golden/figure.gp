# sorting · figure4: test.accuracy in %, mean ± sample standard deviation over 2 seeds
# tier quick · manifest 3f9a00000000 · published: Memoria, Table 4
# Partial: 21 of 24 runs are finished.
# `gnuplot sorting-figure4.gp` draws the picture again from sorting-figure4.dat; it needs gnuplot 5.4 or later.
set encoding utf8
here = ARG0
while (strlen(here) > 0 && here[strlen(here):strlen(here)] ne '/') { here = here[1:strlen(here) - 1] }
if (strlen(here) > 0) { cd here }
do for [kind in 'svg png'] {
reset
if (kind eq 'svg') {
set terminal svg size 1000,510 noenhanced font 'DejaVu Sans,13' background rgb 'white'
} else {
set terminal pngcairo size 2000,1020 noenhanced font 'DejaVu Sans,10' fontscale 2 linewidth 2 pointscale 2 background rgb 'white'
}
set output 'sorting-figure4.'.kind
set multiplot
set style line 300 dashtype (3,5) linewidth 1.5 linecolor rgb '#777777'
set style line 200 dashtype (12,7) linewidth 1.2 pointtype 6 pointsize 1 linecolor rgb '#0072b2'
set style line 201 dashtype (12,7) linewidth 1.2 pointtype 4 pointsize 1 linecolor rgb '#e69f00'
set style line 202 dashtype (12,7) linewidth 1.2 pointtype 8 pointsize 1 linecolor rgb '#222222'
set style line 100 dashtype solid linewidth 2 pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set style line 101 dashtype solid linewidth 2 pointtype 5 pointsize 1 linecolor rgb '#e69f00'
set style line 1 dashtype solid linewidth 2 pointtype 7 pointsize 1 linecolor rgb '#777777'
set style line 2 dashtype (12,7) linewidth 1.2 pointtype 6 pointsize 1 linecolor rgb '#777777'
set border 3 linecolor rgb '#444444'
set tics nomirror out
set grid ytics linetype 1 linecolor rgb '#dddddd' linewidth 1
unset key
# segments of 16 tokens · published: 256
set lmargin at screen 0.072
set rmargin at screen 0.482
set bmargin at screen 0.3804
set tmargin at screen 0.9294
set title 'segments of 16 tokens · published: 256'
set xlabel 'segments in a document'
unset label
set yrange [30.0:90.0]
set label 'test accuracy, %' at screen 0.016,0.6549 center rotate by 90
set logscale x 2
set xrange [3.2:20.0]
set xtics nomirror ('4' 4.0, '8' 8.0, '16' 16.0)
plot \
  'sorting-figure4.dat' index 0 using 1:(1e2 * $2) with lines linestyle 300, \
  'sorting-figure4.dat' index 1 using 1:(1e2 * $2) with linespoints linestyle 200, \
  'sorting-figure4.dat' index 2 using 1:(1e2 * $2) with linespoints linestyle 201, \
  'sorting-figure4.dat' index 3 using 1:(1e2 * $2) with linespoints linestyle 202, \
  'sorting-figure4.dat' index 4 using 1:($3 == $3 ? 1e2 * $2 : NaN):(1e2 * $3) with yerrorbars linestyle 100, \
  'sorting-figure4.dat' index 4 using 1:(1e2 * $2) with linespoints linestyle 100, \
  'sorting-figure4.dat' index 5 using 1:($3 == $3 ? 1e2 * $2 : NaN):(1e2 * $3) with yerrorbars linestyle 101, \
  'sorting-figure4.dat' index 5 using 1:(1e2 * $2) with linespoints linestyle 101
# segments of 32 tokens · published: 1024
set lmargin at screen 0.572
set rmargin at screen 0.982
set bmargin at screen 0.3804
set tmargin at screen 0.9294
set title 'segments of 32 tokens · published: 1024'
set xlabel 'segments in a document'
unset label
set yrange [30.0:90.0]
set logscale x 2
set xrange [3.2:20.0]
set xtics nomirror ('4' 4.0, '8' 8.0, '16' 16.0)
plot \
  'sorting-figure4.dat' index 6 using 1:(1e2 * $2) with lines linestyle 300, \
  'sorting-figure4.dat' index 7 using 1:(1e2 * $2) with linespoints linestyle 201, \
  'sorting-figure4.dat' index 8 using 1:($3 == $3 ? 1e2 * $2 : NaN):(1e2 * $3) with yerrorbars linestyle 100, \
  'sorting-figure4.dat' index 8 using 1:(1e2 * $2) with linespoints linestyle 100, \
  'sorting-figure4.dat' index 9 using 1:($3 == $3 ? 1e2 * $2 : NaN):(1e2 * $3) with yerrorbars linestyle 101, \
  'sorting-figure4.dat' index 9 using 1:(1e2 * $2) with linespoints linestyle 101
# legend and caption
unset logscale
unset label
unset title
unset xlabel
unset border
unset tics
unset grid
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [0:1000]
set yrange [0:510]
set arrow from 60,115 to 100,115 nohead linestyle 100
set label at 80,115 point linestyle 100
set label 'transformer-xl' at 110,115 left
set arrow from 286,115 to 326,115 nohead linestyle 101
set label at 306,115 point linestyle 101
set label 'memoria' at 336,115 left
set arrow from 512,115 to 552,115 nohead linestyle 202
set label at 532,115 point linestyle 202
set label 'infinity-former' at 562,115 left
set arrow from 738,115 to 778,115 nohead linestyle 1
set label at 758,115 point linestyle 1
set label 'measured, tier quick' at 788,115 left
set arrow from 60,93 to 100,93 nohead linestyle 2
set label at 80,93 point linestyle 2
set label 'published' at 110,93 left
set arrow from 286,93 to 326,93 nohead linestyle 300
set label 'chance floor' at 336,93 left
set label 'sorting · figure4: test.accuracy in %, mean ± sample standard deviation over 2 seeds' at 24,59 left textcolor rgb '#444444' font ',9'
set label 'tier quick · manifest 3f9a00000000 · published: Memoria, Table 4' at 24,41 left textcolor rgb '#444444' font ',9'
set label 'Partial: 21 of 24 runs are finished.' at 24,23 left textcolor rgb '#444444' font ',9'
plot NaN notitle
unset multiplot
unset output
}
