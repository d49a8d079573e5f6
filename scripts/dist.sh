#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: dist.sh [--help]
#
# Puts the files that git has, as they are now, into build/procsrv-VERSION.tar.xz, and prints
# its name; without debian/, which is for packagers. The same files make
# the same tarball, wherever they are: times are that of the last commit, or
# $SOURCE_DATE_EPOCH.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

main() {
	local version name epoch

	case ${1:-} in
	-h | --help) usage && exit ;;
	'') ;;
	*) die "unknown option $1, see --help" ;;
	esac
	cd "$TOP"
	git rev-parse --git-dir >/dev/null 2>&1 || die "this tree is no clone of the repository"
	version=$(version)
	name=procsrv-$version
	epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
	mkdir -p build
	git ls-files -z --cached -- ':!debian' | while IFS= read -rd '' file; do
		[[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
	done | LC_ALL=C sort -z |
		tar -c --null --files-from=- --format=gnu --transform "flags=r;s,^,$name/," \
			--mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX |
		xz -T1 >"build/$name.tar.xz"
	echo "build/$name.tar.xz"
}

main "$@"
