#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: deps.sh [--help] [--list] [--refresh] SET...
#
# Brings what a part of this project needs; does nothing, without any network,
# when it is all there.
#
#   build   compiler, kbuild and the libraries of the tools
#   stock   the kernel and headers of this Debian release, with what those link modules
#           with, QEMU and virtme-ng
#   guest   what a shell in a guest is given
#   debian13
#           the kernel of Debian 13 and its headers, QEMU and virtme-ng
#   rt      the realtime kernel of the same, likewise
#   arm64   the kernel of Debian 13 for that architecture and its headers, a compiler, and QEMU
#   s390x   the same for that architecture
#   kunit   the source of the KUnit kernel for x86-64, QEMU and virtme-ng
#   uml     the newest kernel source that Debian has, for User Mode Linux
#   ports   the same source, and compilers that are not the one of this machine
#   test    what the tests are run with
#   programs  programs that are run under procsrv-run
#   fuzz    what the fuzzer is made of: clang with libFuzzer, and liburing
#   lint    what the sources are checked with
#   plot    what measurements are drawn with
#   bench   what procsrv-run is measured beside
#   cover   what says which lines the tests reach
#   deb     what Debian's packages are built and looked over with
#   packages
#           what a bare system to install them on is made with
#   upstream
#           what the documentation of the driver is made with
#
#   --list     say what the sets consist of, change nothing
#   --refresh  look for newer versions of what is kept in the cache
#
# Ordinary packages are installed with apt-get, as root or through sudo. Kernels,
# kernel sources and virtme-ng are unpacked in the cache, nothing of them is
# installed: the machine's own kernel and boot loader stay as they are. Packages of another
# release of Debian come from the mirror of this machine through lists of our own: its
# apt sources stay as they are, too.
#
# The cache is $PROCSRV_CACHE, or procsrv in $XDG_CACHE_HOME or ~/.cache.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=apt.sh
. "$SCRIPTS/apt.sh"

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# --- what the sets are ------------------------------------------------------

readonly SETS=(build stock debian13 rt arm64 s390x guest kunit uml ports test programs fuzz lint plot
	bench cover deb packages upstream)

# Its tests are in a package that has the version in its name: libpython3.11, of Python 3.11.2-1.
libpython() {
	apt-cache show --no-all-versions python3 |
		sed -nE 's/^Version: ([0-9]+\.[0-9]+).*/libpython\1/p'
}

packages_of() {
	local guest="qemu-system-x86 busybox-static file iproute2 kmod
		python3 python3-argcomplete python3-requests udev"
	local build="gcc make libc6-dev bc bison flex cpio kmod perl pkg-config
		python3 rsync xz-utils procps libelf-dev libssl-dev
		libjson-c-dev libncurses-dev libseccomp-dev"

	case $1 in
	build) echo "$build" ;;
	stock | debian13 | rt) echo "$build $guest dwarves" ;;
	arm64) echo "$build qemu-system-arm" ;;
	s390x) echo "$build qemu-system-misc" ;;
	kunit) echo "$build $guest" ;;
	guest) echo "tmux" ;;
	uml) echo "$build busybox-static" ;;
	# Linux wants a later clang than Debian 12 has by that name.
	ports) echo "$build clang-19 lld-19 llvm-19" ;;
	test) echo "bats bpftrace cargo ccache chromium dpkg-dev fonts-dejavu-core gcc-multilib git groff-base
		liburing-dev linux-perf pandoc perl procps python3 python3-pytest rustc strace tmux
		trace-cmd zsh" ;;
	programs) echo "bats busybox-static daemonize dash dpkg dtach dumb-init gdb git golang-go
		$(libpython)-testsuite make nodejs parallel perl python3 ruby screen strace stress-ng
		tini tmux util-linux zsh" ;;
	fuzz) echo "binutils clang libclang-rt-dev liburing-dev" ;;
	lint) echo "cargo codespell dwarves gcc-multilib mandoc mypy perl python3 python3-pytest reuse
		rust-clippy rustc rustfmt shellcheck sparse xz-utils" ;;
	plot) echo "gnuplot-nox python3" ;;
	bench) echo "strace util-linux" ;;
	cover) echo "gcovr" ;;
	deb) echo "debhelper dh-dkms dh-python dpkg-dev git lintian man-db pkg-config xz-utils" ;;
	packages) echo "debootstrap git" ;;
	upstream) echo "mandoc pandoc" ;;
	esac
}

# Unpacked in the cache, not installed.
trees_of() {
	case $1 in
	stock) echo "stock virtme-ng" ;;
	debian13 | rt) echo "$1 virtme-ng" ;;
	arm64 | s390x) echo "$1 cross-$1" ;;
	kunit) echo "linux-source-6.1 virtme-ng" ;;
	uml | ports | lint) echo "linux-source" ;;
	# For promtool: installed, it would start a service.
	test) echo "prometheus" ;;
	esac
}

# The suite a tree comes from where the user's own release is not asked first,
# or does not have it.
suite_of() {
	case $1 in
	# The compiler is the version that the kernels were built with. A later prometheus is without
	# promtool.
	linux-source-6.1 | prometheus | cross-*) echo bookworm ;;
	# Programs among the headers of a later release want a later C library.
	debian13 | rt | arm64 | s390x) echo bookworm-backports ;;
	virtme-ng) echo trixie ;;
	linux-source) echo sid ;;
	esac
}

# Which other architecture a tree has packages of.
foreign_of() {
	case $1 in
	*arm64) echo arm64 ;;
	*s390x) echo s390x ;;
	esac
}

# Which trees the user's own release may supply. virtme-ng is the same version
# everywhere: its options move, and guest.sh goes by those of this one.
own_first() {
	[[ $1 == stock || $1 == linux-source-6.1 ]]
}

# --- apt ---------------------------------------------------------------------

# suite_update SUITE [ARCHITECTURE]: make the lists of one suite of Debian, with the packages
# of another architecture among them.
suite_update() {
	local profile=$1${2:+-$2} list uri

	list=$CACHE/apt/$profile/sources.list
	apt_profile "$profile" "${@:2}"
	if [[ ! -s $list ]]; then
		uri=$(mirror)
		[[ -n $uri ]] || die "no mirror of Debian among this machine's apt sources"
		[[ -e $KEYRING ]] || die "$KEYRING is missing (package debian-archive-keyring)"
		printf 'deb [arch=amd64%s signed-by=%s] %s %s main\n' \
			"${2:+,$2}" "$KEYRING" "$uri" "$1" >"$list"
	fi
	apt_update "$profile" "${@:2}" || die "cannot read the package lists of Debian $1"
}

# Set APT to a profile that has the package.
profile_with() {
	local tree=$1 package=$2 foreign

	foreign=$(foreign_of "$tree")

	if own_first "$tree"; then
		apt_update own || log "some of this machine's apt sources cannot be reached"
		apt-cache "${APT[@]}" show "$package" >/dev/null 2>&1 && return
		[[ -n $(suite_of "$tree") ]] ||
			die "this machine's apt sources do not have $package"
	fi
	suite_update "$(suite_of "$tree")" ${foreign:+"$foreign"}
	apt-cache "${APT[@]}" show "$package" >/dev/null 2>&1 ||
		die "neither this machine's apt sources nor Debian $(suite_of "$tree") have $package"
}

version_of() {
	apt-cache "${APT[@]}" show --no-all-versions "$1" 2>/dev/null |
		awk '/^Version:/ && !n++ { print $2 }'
}

# What a package depends on by name, directly; of alternatives the first. Without the
# architecture: of what both have, such as the programs that build a module, the one of this
# machine is meant.
depends_of() {
	apt-cache "${APT[@]}" depends --important "$1" |
		awk '$1 ~ /^[|]?Depends:$/ && !alternative { gsub(/[<>]|:.*/, "", $2); print $2 }
			{ alternative = $1 == "|Depends:" }'
}

# download DIRECTORY PACKAGE...: the packages as .deb files
download() {
	local dir=$1

	shift
	log "fetching $*"
	(cd -- "$dir" && apt-get "${APT[@]}" download "$@" >&2)
}

# --- the trees of the cache -------------------------------------------------

# new_tree NAME VERSION FUNCTION ARG...: make the directory with FUNCTION, and
# have the link NAME point to it.
new_tree() {
	local name=$1 dir=$CACHE/pkg/$2 tmp

	shift 2
	if ! complete "$dir"; then
		rm -rf -- "$dir"
		tmp=$CACHE/tmp/deps
		rm -rf -- "$tmp"
		mkdir -p "$dir" "$tmp"
		"$1" "$dir" "$tmp" "${@:2}"
		rm -rf -- "$tmp"
		mark_complete "$dir"
	fi
	ln -sfn "${dir##*/}" "$CACHE/pkg/$name"
}

unpack() {
	local dir=$1 deb

	shift
	for deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir"
	done
}

fill_plain() {
	download "$2" "$3"
	unpack "$1" "$2"/*.deb
}

# The one thing left out is a third of the whole: register lists of a graphics driver.
fill_source() {
	local dir=$1 tmp=$2 package=$3

	download "$tmp" "$package"
	log "unpacking $package"
	dpkg-deb --fsys-tarfile "$tmp"/*.deb |
		tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ --strip-components=1 --exclude='*/amd/include/asic_reg' -C "$dir"
}

# The headers' package knows itself by absolute paths. All of them lead to the
# place where it is unpacked; and the name of a cross compiler to where that is.
relocate_headers() {
	local dir=$1 release=$2 link headers=$1/usr/src/linux-headers-$2 foreign

	sed -i "s|/usr/src/|$dir/usr/src/|" "$headers/Makefile"
	foreign=$(foreign_of "$release")
	[[ -z $foreign ]] || sed -i "s|^override CROSS_COMPILE = |&$CACHE/pkg/cross-$foreign/cross/|" \
		"$headers/.kernelvariables"
	while read -r link; do
		ln -sfn "$dir$(readlink "$link")" "$link"
	done < <(find "$dir/lib" "$dir/usr/lib" "$dir/usr/src" -type l -lname '/*')
}

# A kernel that Debian has built, with its headers.
fill_binary() {
	local dir=$1 tmp=$2 release=$3

	shift 3
	download "$tmp" "$@"
	unpack "$dir" "$tmp"/*.deb
	# A merged /usr or not, modules and kbuild are found in both places.
	if [[ ! -e $dir/lib/modules && -e $dir/usr/lib/modules ]]; then
		mkdir -p "$dir/lib"
		ln -s ../usr/lib/modules "$dir/lib/modules"
	fi
	relocate_headers "$dir" "$release"
	PATH=$PATH:/usr/sbin:/sbin depmod -a -b "$dir" "$release"
	printf '%s\n' "$release" >"$dir/release"
}

# bring_binary NAME METAPACKAGE: the kernel that it depends on
bring_binary() {
	local name=$1 meta=$2 image release package closure=() todo

	profile_with "$name" "$meta"
	image=$(depends_of "$meta" | grep -m1 '^linux-image-[0-9]') ||
		die "$meta names no kernel"
	release=${image#linux-image-}
	todo=("$image" "linux-headers-$release")
	while ((${#todo[@]})); do
		package=${todo[0]}
		todo=("${todo[@]:1}")
		[[ " ${closure[*]} " != *" $package "* ]] || continue
		closure+=("$package")
		mapfile -t -O "${#todo[@]}" todo < <(depends_of "$package" |
			grep -E '^linux-(image|binary|modules|headers|kbuild)-[0-9]' || true)
	done
	new_tree "$name" "linux-${release}_$(version_of "$image")" \
		fill_binary "$release" "${closure[@]}"
}

# Debian's cross compilers cannot be installed beside gcc-multilib, which the tests need. Where
# they are unpacked they find all but the libraries of the linker: cross/ has each of them as a
# script that says where those are.
fill_cross() {
	local dir=$1 tmp=$2 program

	shift 2
	download "$tmp" "$@"
	unpack "$dir" "$tmp"/*.deb
	mkdir -p "$dir/cross"
	for program in "$dir"/usr/bin/*-linux-gnu-*; do
		printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' \
			"$dir/usr/lib/x86_64-linux-gnu" "$program" >"$dir/cross/${program##*/}"
		chmod +x "$dir/cross/${program##*/}"
	done
}

# bring_cross NAME TRIPLE ARCHITECTURE: a compiler with a C library and liburing, and the
# programs of a guest
bring_cross() {
	local gcc=gcc-12-$2

	profile_with "$1" "$gcc"
	new_tree "$1" "$1-12_$(version_of "$gcc")" fill_cross "$gcc" "$gcc-base" "cpp-12-$2" \
		"binutils-$2" libgcc-12-dev-"$3"-cross libgcc-s1-"$3"-cross \
		libc6-"$3"-cross libc6-dev-"$3"-cross linux-libc-dev-"$3"-cross \
		liburing-dev:"$3" busybox-static:"$3" bash-static:"$3"
}

bring_source() {
	local name=$1 package=$1

	profile_with "$name" "$package"
	if [[ $package == linux-source ]]; then
		package=$(depends_of linux-source | grep -m1 '^linux-source-') ||
			die "the package linux-source names no source"
	fi
	new_tree "$name" "${package}_$(version_of "$package")" fill_source "$package"
}

bring_plain() {
	profile_with "$1" "$1"
	new_tree "$1" "$1_$(version_of "$1")" fill_plain "$1"
}

bring_tree() {
	case $1 in
	stock) bring_binary stock linux-image-amd64 ;;
	debian13) bring_binary debian13 linux-image-amd64 ;;
	rt) bring_binary rt linux-image-rt-amd64 ;;
	arm64 | s390x) bring_binary "$1" "linux-image-$1" ;;
	cross-arm64) bring_cross "$1" aarch64-linux-gnu arm64 ;;
	cross-s390x) bring_cross "$1" s390x-linux-gnu s390x ;;
	linux-source*) bring_source "$1" ;;
	*) bring_plain "$1" ;;
	esac
}

# --- packages of the system -----------------------------------------------

as_root() {
	if ((EUID == 0)); then
		"$@"
	elif have sudo; then
		sudo "$@"
	else
		die "needs root or sudo for: $*"
	fi
}

not_installed() {
	local there

	((!$#)) && return
	# shellcheck disable=SC2016 # dpkg-query's own fields
	there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null) || true
	printf '%s\n' "$@" | grep -vxF "$(sed -n 's/^installed //p' <<<"$there")" || true
}

install_packages() {
	log "installing $*"
	as_root apt-get -qq update >&2 || log "apt-get update failed; going on"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 "${EXACT[@]}" install --no-install-recommends "$@" >&2
}

# --- the command --------------------------------------------------------

unique_words() {
	tr -s ' \t\n' '\n' | sed '/^$/d' | LC_ALL=C sort -u
}

list_sets() {
	local set

	for set; do
		printf '%s\n  packages: %s\n' "$set" \
			"$(packages_of "$set" | unique_words | paste -sd ' ')"
		[[ -z $(trees_of "$set") ]] ||
			printf '  in the cache: %s\n' "$(trees_of "$set")"
	done
}

parse() {
	local set

	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--list) LIST=y ;;
		--refresh) REFRESH=y ;;
		-*) die "unknown option $1, see --help" ;;
		*)
			for set in "${SETS[@]}"; do
				[[ $set != "$1" ]] || WANTED+=("$1")
			done
			[[ " ${WANTED[*]} " == *" $1 "* ]] || die "unknown set $1, see --help"
			;;
		esac
		shift
	done
	if [[ -n $LIST && ${#WANTED[@]} -eq 0 ]]; then
		WANTED=("${SETS[@]}")
	fi
	((${#WANTED[@]})) || die "name a set: ${SETS[*]}"
}

absent_trees() {
	local tree

	for tree; do
		[[ -z $REFRESH ]] && complete "$CACHE/pkg/$tree" || echo "$tree"
	done
}

main() {
	local set tree packages=() trees=()

	LIST='' REFRESH='' WANTED=()
	parse "$@"
	if [[ -n $LIST ]]; then
		list_sets "${WANTED[@]}"
		return
	fi
	for set in "${WANTED[@]}"; do
		mapfile -t -O "${#packages[@]}" packages < <(packages_of "$set" | unique_words)
		mapfile -t -O "${#trees[@]}" trees < <(trees_of "$set" | unique_words)
	done
	mapfile -t packages < <(not_installed "${packages[@]}" | unique_words)
	mapfile -t trees < <(absent_trees "${trees[@]}" | unique_words)
	((${#packages[@]} == 0)) || install_packages "${packages[@]}"
	((${#trees[@]})) || return 0
	have apt-get || die "this needs Debian's apt-get"
	[[ -z $REFRESH ]] || find "$CACHE/apt" -name .updated -delete 2>/dev/null || true
	lock_cache deps
	mapfile -t trees < <(absent_trees "${trees[@]}")
	for tree in "${trees[@]}"; do
		bring_tree "$tree"
	done
}

main "$@"
