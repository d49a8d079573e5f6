/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - the fixture of the programs that need only a scene
 */
#ifndef SELFTESTS_FIXTURE_H
#define SELFTESTS_FIXTURE_H

#include "common.h"

FIXTURE(procsrv)
{
	struct scene scene;
	int fd;
	__u64 root;
};

FIXTURE_SETUP(procsrv)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
}

FIXTURE_TEARDOWN(procsrv)
{
	scene_teardown(_metadata, &self->scene);
}

#endif /* SELFTESTS_FIXTURE_H */
