#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: bench-plot.sh [--json FILE] [--peer FILE] [--out DIRECTORY]
#
# Draws what bench.sh has measured, by the number of live processes, beside a peer: a file
# performance-OPERATION.svg for each operation. Needs the packages of deps.sh plot.
#
#   --json FILE      the measurements (default build/bench.json)
#   --peer FILE      those of the peer (default bench/veridian.json)
#   --out DIRECTORY  where to put the drawings (default docs)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

JSON=$TOP/build/bench.json
PEER=$TOP/bench/veridian.json
OUT=$TOP/docs

readonly OPERATIONS=('create+terminate+wait' 'look-up' 'statistics' 'list' 'update'
	'stop+continue' 'signal to a group')

parse() {
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--json | --peer | --out)
			(($# > 1)) || die "$1 needs an argument"
			case $1 in
			--json) JSON=$2 ;;
			--peer) PEER=$2 ;;
			--out) OUT=$2 ;;
			esac
			shift
			;;
		*) die "unknown option $1, see --help" ;;
		esac
		shift
	done
}

# draw OPERATION: each curve with its spread
draw() {
	local file=$OUT/performance-${1//[^a-z]/-}.svg

	{
		cat <<-END
			set terminal svg size 640,400 font "sans,12" background "white"
			set output "$file"
			set title "$1"
			set xlabel "number of live processes"
			set ylabel "time of an operation, in nanoseconds"
			set logscale xy
			set format x "10^{%T}"
			set format y "10^{%T}"
			set grid
			set key top left
			set xrange [70:1500000]
		END
		python3 -B "$TOP/bench/curves.py" "$JSON" "$PEER" "$1"
	} | gnuplot
	log "$file"
}

main() {
	local operation

	parse "$@"
	[[ -s $JSON ]] || die "no $JSON: run bench.sh first"
	have gnuplot || die "no gnuplot: run deps.sh plot first"
	for operation in "${OPERATIONS[@]}"; do
		draw "$operation"
	done
}

main "$@"
