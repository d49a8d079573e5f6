# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # other shells expand it
#
# make, git and dpkg.

set -e
export HOME=$PWD GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x
export GIT_COMMITTER_EMAIL=x@x GIT_CONFIG_NOSYSTEM=1

mkdir build
for i in 1 2 3 4 5 6 7 8; do echo "int f$i(void) { return $i; }" >"build/$i.c"; done
printf '%s\n' 'all: $(patsubst %.c,%.o,$(wildcard *.c))' '	ar rc all.a $^' \
	'%.o: %.c' '	cc -c -o $@ $<' 'fails: ; exit 3' >build/Makefile
make -s -j4 -C build
ar t build/all.a | sort | paste -sd ' '
make -s -j4 -C build fails 2>/dev/null || echo "make $?"

git init -q -b main one
cd one
printf '#!/bin/sh\necho hook >&2\nexit 0\n' >.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
for i in 1 2 3; do
	echo "$i" >"file$i"
	git add "file$i"
	git commit -qm "commit $i" 2>&1
done
git checkout -q -b side HEAD~2
echo side >side
git add side
git commit -qm side 2>&1
git rebase -q main 2>&1
git log --format=%s
printf '#!/bin/sh\nexit 1\n' >.git/hooks/pre-commit
git commit -q --allow-empty -m refused || echo "refused $?"
git gc -q
cd ..
git clone -q --no-local "file://$PWD/one" two
git -C two fsck 2>&1
git -C two log --format=%s -n 1

mkdir -p tree/DEBIAN tree/opt root/var/lib/dpkg/{info,updates,triggers}
touch root/var/lib/dpkg/{status,available}
echo x >tree/opt/x
printf '%s\n' 'Package: x' 'Version: 1' 'Architecture: all' 'Maintainer: x <x@x>' \
	'Description: x' >tree/DEBIAN/control
for script in preinst postinst prerm postrm; do
	printf '#!/bin/sh\necho %s "$1"\n' "$script" >"tree/DEBIAN/$script"
	chmod 755 "tree/DEBIAN/$script"
done
dpkg-deb --root-owner-group -b tree x.deb >/dev/null
dpkg --force-script-chrootless --root="$PWD/root" --log=/dev/null -i x.deb | grep '^p.*inst '
ls root/opt
dpkg --force-script-chrootless --root="$PWD/root" --log=/dev/null -r x | grep '^p.*rm '
ls root/opt 2>/dev/null || echo "removed"
