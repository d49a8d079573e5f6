#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Releases: the tarball, the module that DKMS builds. scripts/check-packages.sh tests the
# packages. Needs TOP, the packages of the set build, and the beds stock and uml.

bats_require_minimum_version 1.5.0

setup() {
	unset MAKEFLAGS MAKELEVEL MFLAGS SOURCE_DATE_EPOCH
	VERSION=$(sed -n 's/^#define PROCSRV_VERSION "\(.*\)"/\1/p' "$TOP/procsrv.h")
}

# clone_tree DIRECTORY: the files that git has, as a repository of one commit
clone_tree() {
	mkdir -p "$1"
	(cd "$TOP" && git ls-files -z --cached | xargs -0 cp -P --parents -t "$1")
	git -C "$1" init -q
	git -C "$1" add -A
	GIT_COMMITTER_DATE='1700000000 +0000' git -C "$1" -c user.name=test -c user.email=test@localhost \
		commit -q -m test
}

# module_sources DIRECTORY: the files of the package for DKMS
module_sources() {
	clone_tree "$1-clone"
	make -s -C "$1-clone" -f debian/rules execute_after_dh_install-indep
	mkdir -p "${1%/*}"
	mv "$1-clone/debian/procsrv-dkms/usr/src/procsrv-$VERSION" "$1"
	cp "$1-clone/dkms.conf" "$1"
	rm -rf "$1-clone"
}

# build_as_dkms DIRECTORY BED [ARG...]: builds as dkms.conf says, for the kernel of a bed
build_as_dkms() {
	local args

	read -ra args < <("$TOP/scripts/kernel.sh" --make-args "$2")
	# Kernels of beds other than this machine's need more arguments than their directory.
	make() {
		command make "${args[@]}" "$@"
	}
	dkms_tree=$1-dkms
	# shellcheck disable=SC2034 # dkms.conf has it
	kernel_source_dir=${args[1]}
	mkdir -p "$dkms_tree/procsrv/$VERSION"
	ln -sfn "$1" "$dkms_tree/procsrv/$VERSION/build"
	# shellcheck disable=SC1091 # a copy of that of the tree
	. "$1/dkms.conf"
	[[ $PACKAGE_VERSION == "$VERSION" ]]
	eval "${MAKE[0]} ${*:3}"
}

@test "two clones make the same tarball, with all files but debian/" {
	local one=$BATS_TEST_TMPDIR/one two=$BATS_TEST_TMPDIR/somewhere/else tarball

	clone_tree "$one"
	clone_tree "$two"
	# Times, files that a build leaves, and the umask make no difference.
	touch -d '2001-01-01' "$two/Makefile"
	mkdir -p "$two/build" && touch "$two/build/rest" "$two/not-in-git"
	tarball=build/procsrv-$VERSION.tar.xz
	[[ $(cd "$one" && scripts/dist.sh) == "$tarball" ]]
	(umask 077 && "$two/scripts/dist.sh")
	cmp "$one/$tarball" "$two/$tarball"
	diff -u <(tar -tf "$one/$tarball" | sort) \
		<(git -C "$one" ls-files -- ':!debian' | sed "s|^|procsrv-$VERSION/|" | sort)
	SOURCE_DATE_EPOCH=1600000000 "$two/scripts/dist.sh"
	run ! cmp "$one/$tarball" "$two/$tarball"
}

@test "without git there is no tarball, and an error" {
	clone_tree "$BATS_TEST_TMPDIR/tree"
	rm -rf "$BATS_TEST_TMPDIR/tree/.git"
	run -1 env GIT_CEILING_DIRECTORIES="$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/tree/scripts/dist.sh"
	[[ $output == *"no clone of the repository"* ]]
}

@test "the module is the same from two directories, and names neither" {
	local one=$BATS_TEST_TMPDIR/one two=$BATS_TEST_TMPDIR/a/longer/name

	module_sources "$one"
	module_sources "$two"
	build_as_dkms "$one" stock
	build_as_dkms "$two" stock
	cmp "$one/procsrv.ko" "$two/procsrv.ko"
	run ! grep -F "$BATS_TEST_TMPDIR" "$one/procsrv.ko"
}

@test "DKMS builds the module alone, for a kernel with KUnit too, which is opt-in" {
	local tree=$BATS_TEST_TMPDIR/tree

	clone_tree "$tree"
	build_as_dkms "$tree" uml
	[[ $(cd "$tree" && find . -name '*.ko') == ./procsrv.ko ]]
	[[ ! -e $tree/build ]]
	build_as_dkms "$tree" uml PROCSRV_KUNIT=y
	[[ -e $tree/kunit/procsrv_kunit.ko ]]
}
