#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: differential.sh [OPTION]...
#        differential.sh --help
#
# Does random operations in Linux and in the server, in one guest, and compares every
# answer: first with ordinary processes, then with hosted ones in servers with POSIX ids.
# Prints a seed, with which the same happens again. Exits as procsrv-differential does.
#
#   --hosted     only with hosted processes
#   --ordinary   only with ordinary ones
#   --ops N      how many operations (default 20000)
#   --seed N     what to begin with (default: a random number)
#   --bed BED    uml (default), stock, kunit or uml-debug, see kernel.sh --help
#   --verbose    print each operation

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# Even under emulation, on a busy machine, it does more than so many operations a second.
readonly SLOWEST=40

parse() {
	BED=uml OPS=20000 ARGS=() KINDS=('' --hosted)
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--verbose) ARGS+=("$1") && shift && continue ;;
		--hosted) KINDS=(--hosted) && shift && continue ;;
		--ordinary) KINDS=('') && shift && continue ;;
		esac
		(($# > 1)) || die "$1 needs an argument, or is no option, see --help"
		case $1 in
		--bed) BED=$2 ;;
		--ops) OPS=$2 ;;
		--seed) ARGS+=(--seed "$2") ;;
		*) die "unknown option $1, see --help" ;;
		esac
		shift 2
	done
	[[ $OPS =~ ^[1-9][0-9]*$ ]] || die "--ops wants a number"
}

# The first that finds something is the last.
commands() {
	local kind

	for kind in "${KINDS[@]}"; do
		printf '%q ' "$TOP/build/tools/procsrv-differential" ${kind:+"$kind"} \
			--ops "$OPS" "${ARGS[@]}"
		printf '|| exit\n'
	done
}

# On one processor: the driver and its puppets take turns, and moving between processors
# costs more than all they do.
main() {
	local dir

	parse "$@"
	"$SCRIPTS/deps.sh" build "${BED%-debug}"
	make --no-print-directory -s -C "$TOP/tools"
	dir=$("$SCRIPTS/module.sh" "$BED")
	"$SCRIPTS/guest.sh" --bed "$BED" --cpus 1 \
		--timeout $((${#KINDS[@]} * (300 + OPS / SLOWEST))) \
		--module "$dir/procsrv.ko" -- bash -c "$(commands)"
}

main "$@"
