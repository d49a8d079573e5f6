#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: ports.sh [--tests] [BED]...
#        ports.sh --help
#
# Builds procsrv.ko, with all of the kernel's warnings as errors, for kernels that the other
# tests do not have: rt, with PREEMPT_RT; clang, built by that; arm64-next and s390x-next, the
# newest for these architectures, the second of which is big-endian. For all of these, or for those named. The kernels are prepared once, which takes
# minutes (see kernel.sh --help).
#
#   --tests  with the KUnit suites and the measurements, which takes three times as long
#
# The exit status is 0 if each of them was built; it names those that were not.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

main() {
	local beds=() options=(--alone) failed=() bed

	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--tests) options=() ;;
		-*) die "unknown option $1, see --help" ;;
		*) beds+=("$1") ;;
		esac
		shift
	done
	((${#beds[@]})) || beds=(rt clang arm64-next s390x-next)
	for bed in "${beds[@]}"; do
		"$SCRIPTS/module.sh" "${options[@]}" "$bed" || failed+=("$bed")
	done
	((${#failed[@]} == 0)) || die "not built: ${failed[*]}"
}

main "$@"
