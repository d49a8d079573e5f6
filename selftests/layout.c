// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the layout of the structures, the same in both widths
 */
#include <assert.h>

#include "fixture.h"
#include "../dev/layout.h"

/*
 * The layout is asserted when this and the server are built. That both agree is
 * tested by a call that passes fields of every width in both directions.
 */
TEST_F(procsrv, server_agrees)
{
	struct procsrv_limits limits = {
		.max_memory = 0x0102030405060708ULL,
		.max_cpu_time = 0x1112131415161718ULL,
		.stack_size = 0x2122232425262728ULL,
		.core_size = 0x3132333435363738ULL,
		.max_files = 0x41424344,
		.max_threads = 0x51525354,
		.nice = -17,
		.flags = PROCSRV_LIMITS_ENFORCE,
	}, got;
	struct procsrv_info info;
	__u64 pid;

	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, get_limits(self->fd, self->root, &got));
	EXPECT_EQ(0, memcmp(&limits, &got, sizeof(got)));
	ASSERT_EQ(0, create_as(self->fd, self->root, "layout", 0x01020304,
			       0x11121314, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(0x01020304, info.uid);
	EXPECT_EQ(0x11121314, info.gid);
	EXPECT_STREQ("layout", info.name);
}

TEST_HARNESS_MAIN
