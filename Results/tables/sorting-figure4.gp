# sorting · figure4: test.accuracy in %, one seed
# tier quick · manifest ab1ca07b06d7 · published: Memoria, Table 4
# `gnuplot sorting-figure4.gp` draws the picture again from sorting-figure4.dat; it needs gnuplot 5.4 or later.
set encoding utf8
here = ARG0
while (strlen(here) > 0 && here[strlen(here):strlen(here)] ne '/') { here = here[1:strlen(here) - 1] }
if (strlen(here) > 0) { cd here }
do for [kind in 'svg png'] {
reset
if (kind eq 'svg') {
set terminal svg size 1260,514 noenhanced font 'DejaVu Sans,13' background rgb 'white'
} else {
set terminal pngcairo size 2520,1028 noenhanced font 'DejaVu Sans,10' fontscale 2 linewidth 2 pointscale 2 background rgb 'white'
}
set output 'sorting-figure4.'.kind
set multiplot
set style line 300 dashtype (3,5) linewidth 1.5 linecolor rgb '#777777'
set style line 301 dashtype (14,5,3,5) linewidth 1.5 linecolor rgb '#777777'
set style line 302 dashtype (10,5) linewidth 1.5 linecolor rgb '#777777'
set style line 200 dashtype (12,7) linewidth 1.2 pointtype 6 pointsize 1 linecolor rgb '#0072b2'
set style line 201 dashtype (12,7) linewidth 1.2 pointtype 4 pointsize 1 linecolor rgb '#e69f00'
set style line 202 dashtype (12,7) linewidth 1.2 pointtype 8 pointsize 1 linecolor rgb '#222222'
set style line 203 dashtype (12,7) linewidth 1.2 pointtype 12 pointsize 1 linecolor rgb '#d55e00'
set style line 100 dashtype solid linewidth 2 pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set style line 101 dashtype solid linewidth 2 pointtype 5 pointsize 1 linecolor rgb '#e69f00'
set style line 102 dashtype solid linewidth 2 pointtype 9 pointsize 1 linecolor rgb '#222222'
set style line 103 dashtype solid linewidth 2 pointtype 13 pointsize 1 linecolor rgb '#d55e00'
set style line 1 dashtype solid linewidth 2 pointtype 7 pointsize 1 linecolor rgb '#777777'
set style line 2 dashtype (12,7) linewidth 1.2 pointtype 6 pointsize 1 linecolor rgb '#777777'
set border 3 linecolor rgb '#444444'
set tics nomirror out
set grid ytics linetype 1 linecolor rgb '#dddddd' linewidth 1
unset key
# segments of 16 tokens · published: 256
set lmargin at screen 0.0571
set rmargin at screen 0.319
set bmargin at screen 0.3852
set tmargin at screen 0.93
set title 'segments of 16 tokens · published: 256'
set xlabel 'segments in a document'
unset label
set yrange [30.0:90.0]
set label 'test accuracy, %' at screen 0.0127,0.6576 center rotate by 90
set logscale x 2
set xrange [3.2:40.0]
set xtics nomirror ('4' 4.0, '8' 8.0, '16' 16.0, '32' 32.0)
plot \
  'sorting-figure4.dat' index 0 using 1:(1e2 * $2) with lines linestyle 300, \
  'sorting-figure4.dat' index 1 using 1:(1e2 * $2) with lines linestyle 301, \
  'sorting-figure4.dat' index 2 using 1:(1e2 * $2) with lines linestyle 302, \
  'sorting-figure4.dat' index 3 using 1:(1e2 * $2) with linespoints linestyle 200, \
  'sorting-figure4.dat' index 4 using 1:(1e2 * $2) with linespoints linestyle 201, \
  'sorting-figure4.dat' index 5 using 1:(1e2 * $2) with linespoints linestyle 202, \
  'sorting-figure4.dat' index 6 using 1:(1e2 * $2) with linespoints linestyle 203, \
  'sorting-figure4.dat' index 7 using 1:(1e2 * $2) with linespoints linestyle 100, \
  'sorting-figure4.dat' index 8 using 1:(1e2 * $2) with linespoints linestyle 101, \
  'sorting-figure4.dat' index 9 using 1:(1e2 * $2) with linespoints linestyle 102, \
  'sorting-figure4.dat' index 10 using 1:(1e2 * $2) with linespoints linestyle 103
# segments of 24 tokens · published: 512
set lmargin at screen 0.3905
set rmargin at screen 0.6524
set bmargin at screen 0.3852
set tmargin at screen 0.93
set title 'segments of 24 tokens · published: 512'
set xlabel 'segments in a document'
unset label
set yrange [30.0:90.0]
set logscale x 2
set xrange [3.2:40.0]
set xtics nomirror ('4' 4.0, '8' 8.0, '16' 16.0, '32' 32.0)
plot \
  'sorting-figure4.dat' index 11 using 1:(1e2 * $2) with lines linestyle 300, \
  'sorting-figure4.dat' index 12 using 1:(1e2 * $2) with lines linestyle 301, \
  'sorting-figure4.dat' index 13 using 1:(1e2 * $2) with lines linestyle 302, \
  'sorting-figure4.dat' index 14 using 1:(1e2 * $2) with linespoints linestyle 200, \
  'sorting-figure4.dat' index 15 using 1:(1e2 * $2) with linespoints linestyle 201, \
  'sorting-figure4.dat' index 16 using 1:(1e2 * $2) with linespoints linestyle 202, \
  'sorting-figure4.dat' index 17 using 1:(1e2 * $2) with linespoints linestyle 203, \
  'sorting-figure4.dat' index 18 using 1:(1e2 * $2) with linespoints linestyle 100, \
  'sorting-figure4.dat' index 19 using 1:(1e2 * $2) with linespoints linestyle 101, \
  'sorting-figure4.dat' index 20 using 1:(1e2 * $2) with linespoints linestyle 102, \
  'sorting-figure4.dat' index 21 using 1:(1e2 * $2) with linespoints linestyle 103
# segments of 32 tokens · published: 1024
set lmargin at screen 0.7238
set rmargin at screen 0.9857
set bmargin at screen 0.3852
set tmargin at screen 0.93
set title 'segments of 32 tokens · published: 1024'
set xlabel 'segments in a document'
unset label
set yrange [30.0:90.0]
set logscale x 2
set xrange [3.2:40.0]
set xtics nomirror ('4' 4.0, '8' 8.0, '16' 16.0, '32' 32.0)
plot \
  'sorting-figure4.dat' index 22 using 1:(1e2 * $2) with lines linestyle 300, \
  'sorting-figure4.dat' index 23 using 1:(1e2 * $2) with lines linestyle 301, \
  'sorting-figure4.dat' index 24 using 1:(1e2 * $2) with lines linestyle 302, \
  'sorting-figure4.dat' index 25 using 1:(1e2 * $2) with linespoints linestyle 200, \
  'sorting-figure4.dat' index 26 using 1:(1e2 * $2) with linespoints linestyle 201, \
  'sorting-figure4.dat' index 27 using 1:(1e2 * $2) with linespoints linestyle 202, \
  'sorting-figure4.dat' index 28 using 1:(1e2 * $2) with linespoints linestyle 203, \
  'sorting-figure4.dat' index 29 using 1:(1e2 * $2) with linespoints linestyle 100, \
  'sorting-figure4.dat' index 30 using 1:(1e2 * $2) with linespoints linestyle 101, \
  'sorting-figure4.dat' index 31 using 1:(1e2 * $2) with linespoints linestyle 102, \
  'sorting-figure4.dat' index 32 using 1:(1e2 * $2) with linespoints linestyle 103
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
set xrange [0:1260]
set yrange [0:514]
set arrow from 78,119 to 118,119 nohead linestyle 100
set label at 98,119 point linestyle 100
set label 'transformer-xl' at 128,119 left
set arrow from 360,119 to 400,119 nohead linestyle 101
set label at 380,119 point linestyle 101
set label 'compressive-transformer' at 410,119 left
set arrow from 642,119 to 682,119 nohead linestyle 102
set label at 662,119 point linestyle 102
set label 'infinity-former' at 692,119 left
set arrow from 924,119 to 964,119 nohead linestyle 103
set label at 944,119 point linestyle 103
set label 'memoria' at 974,119 left
set arrow from 78,97 to 118,97 nohead linestyle 1
set label at 98,97 point linestyle 1
set label 'measured, tier quick' at 128,97 left
set arrow from 360,97 to 400,97 nohead linestyle 2
set label at 380,97 point linestyle 2
set label 'published' at 410,97 left
set arrow from 642,97 to 682,97 nohead linestyle 300
set label 'chance floor' at 692,97 left
set arrow from 924,97 to 964,97 nohead linestyle 301
set label 'memoryless count oracle' at 974,97 left
set arrow from 78,75 to 118,75 nohead linestyle 302
set label 'transformer-xl reach oracle' at 128,75 left
set label 'sorting · figure4: test.accuracy in %, one seed' at 24,41 left textcolor rgb '#444444' font ',9'
set label 'tier quick · manifest ab1ca07b06d7 · published: Memoria, Table 4' at 24,23 left textcolor rgb '#444444' font ',9'
plot NaN notitle
unset multiplot
unset output
}
