// SPDX-License-Identifier: GPL-2.0-only
/*
 * Roles: the thread of a test with the credentials of another caller
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/user_namespace.h>

#include "common.h"

static void set_capability(struct cred *cred, int cap)
{
	cred->cap_effective = CAP_EMPTY_SET;
	if (cap >= 0)
		cap_raise(cred->cap_effective, cap);
	else if (cap == ALL_CAPS)
		cred->cap_effective = CAP_FULL_SET;
}

/* Calls have the credentials @c until end_role(). */
void begin_role(struct kunit *test, struct role *r, const struct caller *c)
{
	r->new = prepare_creds();
	KUNIT_ASSERT_NOT_NULL(test, r->new);
	r->new->uid = KUIDT_INIT(c->uid);
	r->new->euid = r->new->uid;
	r->new->suid = r->new->uid;
	r->new->gid = KGIDT_INIT(c->gid);
	r->new->egid = r->new->gid;
	r->new->sgid = r->new->gid;
	set_capability(r->new, c->cap);
	r->ns = r->new->user_ns;
	if (c->ns)
		r->new->user_ns = c->ns;
	r->old = override_creds(r->new);
}

void end_role(struct role *r)
{
	revert_creds(r->old);
	r->new->user_ns = r->ns;
	abort_creds(r->new);
}

/* A process of another user. */
u64 make_owned(struct kunit *test, u64 parent, u32 uid, u32 gid)
{
	struct procsrv_image *image = make_full_image("owned", "a\0b", 4,
						      "E=1", 4);
	struct procsrv_create_params params = {
		.parent = parent,
		.image = image,
		.uid = KUIDT_INIT(uid),
		.gid = KGIDT_INIT(gid),
	};
	u64 pid = 0;

	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_ASSERT_EQ(test, procsrv_create(server(test), &params, &pid), 0);
	procsrv_image_put(image);
	return pid;
}
