#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: deb.sh [--help]
#
# Builds the packages of debian/ in build/deb, from the tarball that dist.sh makes: the work
# tree stays as it is. lintian then looks them over, and nothing that it finds may be above
# information. Prints the names of the packages.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# The source, as Debian has it: the tarball, and debian/.
unpack_source() {
	local version=$1 tarball

	tarball=$("$SCRIPTS/dist.sh")
	rm -rf "$OUT"
	mkdir -p "$OUT"
	cp "$TOP/$tarball" "$OUT/procsrv_$version.orig.tar.xz"
	tar -C "$OUT" -xf "$TOP/$tarball"
	(cd "$TOP" && git ls-files -z --cached -- debian | xargs -0 cp --parents -t "$OUT/procsrv-$version")
}

main() {
	local version

	case ${1:-} in
	-h | --help) usage && exit ;;
	'') ;;
	*) die "unknown option $1, see --help" ;;
	esac
	OUT=$TOP/build/deb
	version=$(version)
	unpack_source "$version"
	cd "$OUT/procsrv-$version"
	# What make was told is not for this build.
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS dpkg-buildpackage -us -uc >"$OUT/build.log" 2>&1 ||
		{ tail -n 30 "$OUT/build.log" >&2 && die "not built, see $OUT/build.log"; }
	cd "$OUT"
	lintian --allow-root --fail-on error,warning --display-info --tag-display-limit 0 ./*.changes >&2 ||
		die "lintian has findings, see above"
	printf '%s\n' "$OUT"/*.deb
}

main "$@"
