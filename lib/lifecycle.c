// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creation and exit of processes, waits, and signals.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <procsrv.h>

size_t procsrv_pack(char *const strings[], char *buf, size_t size)
{
	size_t used = 0, len;

	for (; *strings; strings++) {
		len = strlen(*strings) + 1;
		if (used <= size && len <= size - used)
			memcpy(buf + used, *strings, len);
		used += len;
	}
	return used;
}

/* The server takes 32-bit lengths, and refuses much shorter lists already. */
static __u32 list_length(size_t len)
{
	return len > UINT32_MAX ? UINT32_MAX : len;
}

static int create(int fd, __u64 parent, const struct procsrv_program *program,
		  uid_t uid, gid_t gid, __u32 flags, int exit_signal,
		  __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.uid = uid,
		.gid = gid,
		.flags = flags,
		.notify = exit_signal,
		.pid = flags & PROCSRV_CREATE_PID && pid ? *pid : 0,
	};
	int ret;

	if (program) {
		args.name = (uintptr_t)program->name;
		args.argv = (uintptr_t)program->argv;
		args.envp = (uintptr_t)program->envp;
		args.argv_len = list_length(program->argv_len);
		args.envp_len = list_length(program->envp_len);
	}
	ret = procsrv_call(fd, PROCSRV_IOC_CREATE, &args);

	if (!ret && pid)
		*pid = args.pid;
	return ret;
}

int procsrv_create(int fd, __u64 parent, const struct procsrv_program *program,
		   uid_t uid, gid_t gid, __u32 flags, __u64 *pid)
{
	return create(fd, parent, program, uid, gid, flags, 0, pid);
}

int procsrv_clone(int fd, __u64 parent, const struct procsrv_program *program,
		  uid_t uid, gid_t gid, __u32 flags, int exit_signal,
		  __u64 *pid)
{
	return create(fd, parent, program, uid, gid,
		      flags | PROCSRV_CREATE_EXIT_SIGNAL, exit_signal, pid);
}

int procsrv_exec(int fd, __u64 pid, const struct procsrv_program *program)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = (uintptr_t)program->name,
		.argv = (uintptr_t)program->argv,
		.envp = (uintptr_t)program->envp,
		.argv_len = list_length(program->argv_len),
		.envp_len = list_length(program->envp_len),
	};

	return procsrv_call(fd, PROCSRV_IOC_EXEC, &args);
}

int procsrv_terminate(int fd, __u64 pid, int exit_code, __u32 exit_signal)
{
	struct procsrv_terminate_args args = {
		.pid = pid,
		.exit_code = exit_code,
		.exit_signal = exit_signal,
	};

	return procsrv_call(fd, PROCSRV_IOC_TERMINATE, &args);
}

int procsrv_wait(int fd, struct procsrv_wait_args *args)
{
	return procsrv_call(fd, PROCSRV_IOC_WAIT, args);
}

int procsrv_reap(int fd, __u64 *count)
{
	struct procsrv_reap_args args = {};
	int ret = procsrv_call(fd, PROCSRV_IOC_REAP, &args);

	if (!ret && count)
		*count = args.count;
	return ret;
}

int procsrv_set_reaper(int fd, __u64 pid, bool on)
{
	struct procsrv_set_reaper_args args = {
		.pid = pid,
		.on = on,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_REAPER, &args);
}

int procsrv_set_autoreap(int fd, __u64 pid, bool on)
{
	struct procsrv_set_autoreap_args args = {
		.pid = pid,
		.on = on,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_AUTOREAP, &args);
}

int procsrv_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		   int signo, __u32 *count)
{
	struct procsrv_signal_args args = {
		.sender = sender,
		.id = id,
		.target = target,
		.signo = signo,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_SIGNAL, &args);

	if (!ret && count)
		*count = args.count;
	return ret;
}

/*
 * Programs that were linked with the first version pass a structure that ends
 * with count; the memory behind that must not be touched.
 */
#define TAKE_SIGNAL_VER0 \
	_IOC(_IOC_READ | _IOC_WRITE, PROCSRV_IOC_MAGIC, \
	     _IOC_NR(PROCSRV_IOC_TAKE_SIGNAL), \
	     offsetof(struct procsrv_take_signal_args, target))

int procsrv_take_signal(int fd, struct procsrv_take_signal_args *args)
{
	return procsrv_call(fd, TAKE_SIGNAL_VER0, args);
}

int procsrv_take(int fd, struct procsrv_take_signal_args *args)
{
	return procsrv_call(fd, PROCSRV_IOC_TAKE_SIGNAL, args);
}
