// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - invalid pointers, in every place
 *
 * Each call with an invalid pointer fails with EFAULT, and changes nothing.
 */
#include "calls.h"

/* Invalid for programs of either width, as a pointer in a 64-bit field. */
static const __u64 nowhere[] = {
	1,				/* in page 0, which is never mapped */
	0xffff888000000000ULL,		/* the kernel's map of memory */
	0xffffffff81000000ULL,		/* its text */
	0x0000800000000000ULL,		/* not canonical */
	~0ULL,
	~0ULL - 4095,
};

/* The structure itself. */
static void check_args(struct __test_metadata *_metadata,
		       const struct world *w, const struct call *c)
{
	struct snapshot before;
	void *none = page_with(PROT_NONE);
	int i;

	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(-EFAULT, call(w->scene.fd, c->cmd, NULL));
	EXPECT_EQ(-EFAULT, call(w->scene.fd, c->cmd, none));
	for (i = 0; i < ARRAY_SIZE(nowhere); i++)
		if (sizeof(long) == 8)
			EXPECT_EQ(-EFAULT,
				  call(w->scene.fd, c->cmd,
				       (void *)(uintptr_t)nowhere[i]));
	EXPECT_EQ(-EFAULT, call(w->scene.fd, c->cmd, (void *)-1L));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, arguments_nowhere)
{
	check_all_calls(_metadata, &self->world, check_args);
}

/* All of the structure is mapped, but for its last byte or its first ones. */
static void check_args_cut(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	size_t size = _IOC_SIZE(c->cmd);
	char *edge = at_edge(size);
	struct snapshot before;
	union procsrv_args args;
	size_t cut;

	c->prepare(w, &args);
	snapshot_take(_metadata, &w->scene, &before);
	for (cut = 1; cut < size; cut++) {
		memcpy(edge + cut, &args, size - cut);
		EXPECT_EQ(-EFAULT, call(w->scene.fd, c->cmd, edge + cut));
		if (takes_input(c))
			EXPECT_EQ(0, memcmp(edge + cut, &args, size - cut));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, arguments_cut_off)
{
	check_all_calls(_metadata, &self->world, check_args_cut);
}

/*
 * The structure is in read-only memory: accepted if the call has no output, and
 * refused before any change otherwise.
 */
static void check_args_read_only(struct __test_metadata *_metadata,
				 const struct world *w, const struct call *c)
{
	char *page = page_with(PROT_READ | PROT_WRITE);
	struct snapshot before;
	union procsrv_args args;
	bool same;

	c->prepare(w, &args);
	memcpy(page, &args, sizeof(args));
	ASSERT_EQ(0, mprotect(page, 4096, PROT_READ));
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(gives_output(c) ? -EFAULT : 0,
		  call(w->scene.fd, c->cmd, page));
	same = snapshot_same(_metadata, &w->scene, &before);
	EXPECT_EQ(gives_output(c), same);
}

TEST_F(calls, arguments_read_only)
{
	check_all_calls(_metadata, &self->world, check_args_read_only);
}

/* The first part of the structure is writable, the last bytes are not. */
static void check_args_partly_read_only(struct __test_metadata *_metadata,
					const struct world *w,
					const struct call *c)
{
	size_t size = _IOC_SIZE(c->cmd);
	struct snapshot before;
	union procsrv_args args;
	char *page, *p;

	if (!gives_output(c))
		return;
	page = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	c->prepare(w, &args);
	p = page + 4096 - size + 4;
	memcpy(p, &args, size);
	ASSERT_EQ(0, mprotect(page + 4096, 4096, PROT_READ));
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(-EFAULT, call(w->scene.fd, c->cmd, p));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, arguments_partly_read_only)
{
	check_all_calls(_metadata, &self->world, check_args_partly_read_only);
}

/* The pointers in the structures. */
struct pointer {
	const char *name;
	unsigned int cmd;
	size_t offset;
	bool output;
	bool null_is_none;	/* NULL has a meaning of its own */
};

#define POINTER(CALL, type, field, output_, null_) {			\
		.name = #CALL "." #field,				\
		.cmd = PROCSRV_IOC_##CALL,				\
		.offset = offsetof(struct procsrv_##type, field),	\
		.output = output_,					\
		.null_is_none = null_,					\
	}

static const struct pointer pointers[] = {
	POINTER(CREATE, create_args, name, false, false),
	POINTER(CREATE, create_args, argv, false, false),
	POINTER(CREATE, create_args, envp, false, false),
	POINTER(EXEC, exec_args, name, false, false),
	POINTER(EXEC, exec_args, argv, false, false),
	POINTER(EXEC, exec_args, envp, false, false),
	POINTER(INFO, info_args, info, true, true),
	POINTER(INFO, info_args, argv, true, true),
	POINTER(INFO, info_args, envp, true, true),
	POINTER(INFO, info_args, cwd, true, true),
	POINTER(INFO, info_args, terminal, true, true),
	POINTER(UPDATE, update_args, cwd, false, false),
	POINTER(SESSION, session_args, terminal, true, true),
	POINTER(SET_TERMINAL, set_terminal_args, name, false, true),
	POINTER(LIST_PIDS, list_args, buf, true, false),
	POINTER(LIST, list_args, buf, true, false),
	POINTER(BATCH, batch_args, ops, true, false),
};

static void put_pointer(union procsrv_args *args, const struct pointer *p, __u64 value)
{
	memcpy((char *)args + p->offset, &value, sizeof(value));
}

static __u64 get_pointer(const union procsrv_args *args, const struct pointer *p)
{
	__u64 value;

	memcpy(&value, (const char *)args + p->offset, sizeof(value));
	return value;
}

/* Gives the live process contents for every output buffer. */
static void fill_live(struct __test_metadata *_metadata, const struct world *w)
{
	union procsrv_args args;

	prepare_exec(w, &args);
	ASSERT_EQ(0, call(w->scene.fd, PROCSRV_IOC_EXEC, &args));
}

static void check_pointer(struct __test_metadata *_metadata,
			  const struct world *w, const struct pointer *p,
			  __u64 value)
{
	union procsrv_args args;

	memset(&args, 0, sizeof(args));
	find_call(p->cmd)->prepare(w, &args);
	put_pointer(&args, p, value);
	expect_refused(_metadata, w, p->cmd, &args, -EFAULT);
	if (!_metadata->passed)
		TH_LOG("%s = %#llx", p->name, (unsigned long long)value);
	ASSERT_TRUE(_metadata->passed);
}

TEST_F(calls, pointers_nowhere)
{
	char *none = page_with(PROT_NONE);
	const struct pointer *p;
	union procsrv_args args;
	int i, j;

	fill_live(_metadata, &self->world);
	for (i = 0; i < ARRAY_SIZE(pointers); i++) {
		p = &pointers[i];
		if (!p->null_is_none)
			check_pointer(_metadata, &self->world, p, 0);
		check_pointer(_metadata, &self->world, p, to_u64(none));
		for (j = 0; j < ARRAY_SIZE(nowhere); j++)
			check_pointer(_metadata, &self->world, p, nowhere[j]);
		/* A valid pointer with bits set in its upper half. */
		find_call(p->cmd)->prepare(&self->world, &args);
		check_pointer(_metadata, &self->world, p,
			      get_pointer(&args, p) | 1ULL << 63);
		if (sizeof(long) == 4)
			check_pointer(_metadata, &self->world, p,
				      get_pointer(&args, p) | 1ULL << 32);
	}
}

TEST_F(calls, outputs_read_only)
{
	char *page = page_with(PROT_READ);
	int i;

	fill_live(_metadata, &self->world);
	for (i = 0; i < ARRAY_SIZE(pointers); i++)
		if (pointers[i].output)
			check_pointer(_metadata, &self->world, &pointers[i],
				      to_u64(page));
	EXPECT_TRUE(untouched(page, 4096));
}

/* Inputs whose last byte is inaccessible. */
TEST_F(calls, inputs_cut_off)
{
	char *edge = at_edge(3);
	int i;

	/* No string ends in these three bytes, and every list has more. */
	memset(edge, '/', 3);
	for (i = 0; i < ARRAY_SIZE(pointers); i++)
		if (!pointers[i].output)
			check_pointer(_metadata, &self->world, &pointers[i],
				      to_u64(edge));
}

/* Inputs that end where memory ends. */
TEST_F(calls, inputs_at_the_edge)
{
	const struct world *w = &self->world;
	char *name = at_edge(4), *argv = at_edge(8), *envp = at_edge(4);
	union procsrv_args args;

	memcpy(name, "new", 4);
	memcpy(argv, "an\0argv", 8);
	memcpy(envp, "A=1", 4);
	prepare_create(w, &args);
	args.create.name = to_u64(name);
	args.create.argv = to_u64(argv);
	args.create.envp = to_u64(envp);
	EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_CREATE, &args));
	prepare_exec(w, &args);
	args.exec.name = to_u64(name);
	args.exec.argv = to_u64(argv);
	args.exec.envp = to_u64(envp);
	EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_EXEC, &args));
	prepare_set_terminal(w, &args);
	args.set_terminal.name = to_u64(name);
	EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_SET_TERMINAL, &args));
	memcpy(name, "/ab", 4);
	prepare_update(w, &args);
	args.update.cwd = to_u64(name);
	EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_UPDATE, &args));
}

/* An empty list is not read, so its pointer may be invalid. */
TEST_F(calls, empty_lists_are_nowhere)
{
	const struct world *w = &self->world;
	union procsrv_args args;
	int i;

	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		prepare_exec(w, &args);
		args.exec.argv = nowhere[i];
		args.exec.envp = nowhere[i];
		args.exec.argv_len = 0;
		args.exec.envp_len = 0;
		EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_EXEC, &args));
	}
}

/* Buffers at an edge that are exactly as large as the output. */
TEST_F(calls, outputs_at_the_edge)
{
	const struct world *w = &self->world;
	char *info = at_edge(sizeof(struct procsrv_info));
	char *argv = at_edge(8), *envp = at_edge(4), *cwd = at_edge(2);
	char *terminal = at_edge(6);
	union procsrv_args args;

	fill_live(_metadata, w);
	prepare_info(w, &args);
	args.info.info = to_u64(info);
	args.info.argv = to_u64(argv);
	args.info.envp = to_u64(envp);
	args.info.cwd = to_u64(cwd);
	args.info.terminal = to_u64(terminal);
	/* The sizes passed are larger, but no more is written. */
	ASSERT_EQ(0, call(w->scene.fd, PROCSRV_IOC_INFO, &args));
	EXPECT_EQ(0, memcmp(argv, "an\0argv", 8));
	EXPECT_STREQ("A=1", envp);
	EXPECT_STREQ("/", cwd);
	EXPECT_STREQ("pts/1", terminal);
	EXPECT_TRUE(untouched(argv - 8, 8));
	EXPECT_TRUE(untouched(info - 8, 8));

	memset(terminal, PATTERN, 6);
	prepare_session(w, &args);
	args.session.terminal = to_u64(terminal);
	ASSERT_EQ(0, call(w->scene.fd, PROCSRV_IOC_SESSION, &args));
	EXPECT_STREQ("pts/1", terminal);
}

/* The first element of an array fits, the second does not. */
TEST_F(calls, arrays_cut_off)
{
	const struct world *w = &self->world;
	char *edge = at_edge(sizeof(struct procsrv_info) + 8);
	union procsrv_args args;

	prepare_list(w, &args);
	args.list.buf = to_u64(edge);
	args.list.count = 3;
	expect_refused(_metadata, w, PROCSRV_IOC_LIST, &args, -EFAULT);
	prepare_list_pids(w, &args);
	args.list.buf = to_u64(edge + sizeof(struct procsrv_info));
	args.list.count = 3;
	expect_refused(_metadata, w, PROCSRV_IOC_LIST_PIDS, &args, -EFAULT);
	/* One element fits. */
	args.list.count = 1;
	EXPECT_EQ(0, call(w->scene.fd, PROCSRV_IOC_LIST_PIDS, &args));
}

TEST_HARNESS_MAIN
