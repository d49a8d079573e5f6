// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listings: a page of one, and walks through all of one.
 */
#include <errno.h>
#include <stdint.h>

#include <procsrv.h>

/*
 * Elements of a walk that are read at a time. They are on the stack; the number
 * of processes is the largest that the server lists at the same moment.
 */
#define PAGE_INFOS	64
#define PAGE_PIDS	512

static int get_page(int fd, unsigned long request,
		    struct procsrv_list_args *args, __u64 *cursor, __u64 *seq)
{
	int ret;

	args->cursor = *cursor;
	ret = procsrv_call(fd, request, args);
	if (ret)
		return ret;

	*cursor = args->cursor;
	if (seq)
		*seq = args->seq;
	return args->count;
}

int procsrv_list(int fd, enum procsrv_list_scope scope, __u32 id,
		 __u64 *cursor, struct procsrv_info *page, __u32 count,
		 __u64 *seq)
{
	struct procsrv_list_args args = {
		.buf = (uintptr_t)page,
		.record_size = sizeof(*page),
		.count = count,
		.scope = scope,
		.id = id,
	};

	return get_page(fd, PROCSRV_IOC_LIST, &args, cursor, seq);
}

int procsrv_list_pids(int fd, enum procsrv_list_scope scope, __u32 id,
		      __u64 *cursor, __u64 *page, __u32 count, __u64 *seq)
{
	struct procsrv_list_args args = {
		.buf = (uintptr_t)page,
		.record_size = sizeof(*page),
		.count = count,
		.scope = scope,
		.id = id,
	};

	return get_page(fd, PROCSRV_IOC_LIST_PIDS, &args, cursor, seq);
}

int procsrv_for_each(int fd, enum procsrv_list_scope scope, __u32 id,
		     int (*each)(const struct procsrv_info *info, void *data),
		     void *data)
{
	struct procsrv_info page[PAGE_INFOS];
	__u64 cursor = 0;
	int n, i, ret;

	do {
		n = procsrv_list(fd, scope, id, &cursor, page, PAGE_INFOS,
				 NULL);

		/* A session or group that vanished after a page is listed. */
		if (n == -ESRCH && cursor)
			return 0;
		if (n < 0)
			return n;
		for (i = 0; i < n; i++) {
			ret = each(&page[i], data);
			if (ret)
				return ret;
		}
	} while (n == PAGE_INFOS);
	return 0;
}

int procsrv_for_pids(int fd, enum procsrv_list_scope scope, __u32 id,
		     int (*each)(__u64 pid, void *data), void *data)
{
	__u64 page[PAGE_PIDS];
	__u64 cursor = 0;
	int n, i, ret;

	do {
		n = procsrv_list_pids(fd, scope, id, &cursor, page, PAGE_PIDS,
				      NULL);
		if (n == -ESRCH && cursor)
			return 0;
		if (n < 0)
			return n;
		for (i = 0; i < n; i++) {
			ret = each(page[i], data);
			if (ret)
				return ret;
		}
	} while (n == PAGE_PIDS);
	return 0;
}
