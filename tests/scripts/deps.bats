#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/deps.sh, with archives that are made up, a cache of its own, and no network. Needs
# TOP, and the packages of the set kunit.

bats_require_minimum_version 1.5.0

setup() {
	export PROCSRV_CACHE=$BATS_TEST_TMPDIR/cache
	export APT_CONFIG=$BATS_TEST_TMPDIR/apt.conf
	mkdir -p "$PROCSRV_CACHE/apt/bookworm" "$PROCSRV_CACHE/pkg/virtme-ng_1"
	# This machine's sources, and those of the release that is tried next.
	cat >"$APT_CONFIG" <<-END
		Dir::Etc::sourcelist "$BATS_TEST_TMPDIR/own.list";
		Dir::Etc::sourceparts "/dev/null";
	END
	echo "deb [trusted=yes] file:$BATS_TEST_TMPDIR/own ./" >"$BATS_TEST_TMPDIR/own.list"
	echo "deb [trusted=yes] file:$BATS_TEST_TMPDIR/bookworm ./" \
		>"$PROCSRV_CACHE/apt/bookworm/sources.list"
	touch "$PROCSRV_CACHE/pkg/virtme-ng_1/.complete"
	ln -s virtme-ng_1 "$PROCSRV_CACHE/pkg/virtme-ng"
	mkdir "$BATS_TEST_TMPDIR"/{own,bookworm}
}

# publish ARCHIVE VERSION: a package linux-source-VERSION, with a Makefile that says so
publish() {
	local archive=$BATS_TEST_TMPDIR/$1 name=linux-source-$2 root=$BATS_TEST_TMPDIR/$2 deb

	mkdir -p "$root/DEBIAN" "$root/usr/src" "$root-source/$name"
	echo "VERSION = $2" >"$root-source/$name/Makefile"
	tar -C "$root-source" -cJf "$root/usr/src/$name.tar.xz" "$name"
	printf '%s\n' "Package: $name" "Version: $2.5-1" 'Architecture: all' \
		'Maintainer: a test <test@localhost>' 'Description: source' >"$root/DEBIAN/control"
	deb=${name}_$2.5-1_all.deb
	dpkg-deb --root-owner-group -b "$root" "$archive/$deb" >/dev/null
	{
		cat "$root/DEBIAN/control"
		printf '%s\n' "Filename: ./$deb" "Size: $(stat -c %s "$archive/$deb")" \
			"SHA256: $(sha256sum "$archive/$deb" | cut -d' ' -f1)" ''
	} >>"$archive/Packages"
}

@test "a name with a dot is no pattern: 6.1 is not 6.12, and comes from where it is" {
	publish own 6.12
	publish own 6.18
	publish bookworm 6.1
	"$TOP/scripts/deps.sh" kunit
	[[ $(<"$PROCSRV_CACHE/pkg/linux-source-6.1/Makefile") == 'VERSION = 6.1' ]]
	[[ $(readlink "$PROCSRV_CACHE/pkg/linux-source-6.1") == linux-source-6.1_6.1.5-1 ]]
}

@test "this machine's own release comes first" {
	publish own 6.1
	publish own 6.12
	"$TOP/scripts/deps.sh" kunit
	[[ $(<"$PROCSRV_CACHE/pkg/linux-source-6.1/Makefile") == 'VERSION = 6.1' ]]
	[[ ! -e $PROCSRV_CACHE/apt/bookworm/.updated ]]
}

@test "a package that is nowhere is an error, and leaves nothing that counts" {
	publish own 6.12
	publish bookworm 6.12
	run ! "$TOP/scripts/deps.sh" kunit
	[[ ! -e $PROCSRV_CACHE/pkg/linux-source-6.1 ]]
	[[ $output == *"have linux-source-6.1" ]]
}
