/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libprocsrv - the process server behind /dev/procsrv, from C and C++
 *
 * There is one function for each operation of <linux/procsrv.h>, which describes
 * them, each with its errors. Rules for all functions:
 *
 * - The first argument is a descriptor: of the device (procsrv_open()), or of
 *   a private server (procsrv_new_server()). It is closed with close(2).
 * - A function that fails returns the error as a negative number: -ESRCH, and
 *   so on. errno is not changed. Otherwise it returns 0, unless the description
 *   says that it returns a descriptor or a number of elements.
 * - A pointer for an output may be NULL if the output is not needed, unless it
 *   is the only output.
 * - Only procsrv_get_details() allocates memory, and no state is kept: all
 *   functions may be called from several threads at once.
 * - Structures of the interface are passed unchanged if an operation has many
 *   arguments, or sleeps and returns how much of its time was left. All fields
 *   of a structure that are not filled in must be zero.
 * - No call is repeated when a signal interrupts it: -EINTR. The arguments can
 *   be passed again.
 * - A name is NULL if a number has none, and must not be freed. A function that
 *   parses a name takes the whole string, in upper or lower case, and returns 0,
 *   or -EINVAL without a change to its output.
 */
#ifndef PROCSRV_LIBRARY_H
#define PROCSRV_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/procsrv.h>

#ifdef __cplusplus
extern "C" {
#endif

/** PROCSRV_DEVICE - the device, unless the environment names another */
#define PROCSRV_DEVICE		"/dev/procsrv"

/** PROCSRV_DEVICE_ENV - the environment variable that names the device */
#define PROCSRV_DEVICE_ENV	"PROCSRV_DEVICE"

/*
 * The device
 */

/**
 * procsrv_version() - the version of the library
 *
 * The version of the module is in /sys/module/procsrv/version while it is loaded.
 * The two need not be the same.
 *
 * Return: the version, as "0.1.0"; not to be freed.
 */
const char *procsrv_version(void);

/**
 * procsrv_device() - the path of the device: $PROCSRV_DEVICE or /dev/procsrv
 *
 * Return: the path; not to be freed.
 */
const char *procsrv_device(void);

/**
 * procsrv_open() - open the device, and check that it is a process server
 * @path: the device, or NULL for procsrv_device()
 *
 * Return: a descriptor, closed on exec, or an error; -ENOTTY if it is
 * something else.
 */
int procsrv_open(const char *path);

/**
 * procsrv_new_server() - get a private server, which ends with its descriptor
 * @fd: the device
 *
 * Return: a descriptor, closed on exec, or an error.
 */
int procsrv_new_server(int fd);

/**
 * procsrv_new_server_flags() - get a private server, or a further descriptor
 * @fd: the device; or with PROCSRV_SERVER_SAME a private server
 * @flags: mask of PROCSRV_SERVER_POSIX_IDS and PROCSRV_SERVER_INIT_REAPS, or
 *	PROCSRV_SERVER_SAME
 *
 * With PROCSRV_SERVER_SAME it is a further descriptor of the server of @fd, with
 * events, tied and hosted processes of its own.
 *
 * Return: a descriptor, closed on exec, or an error: -EOPNOTSUPP if the server
 * of @fd is not a private one, -ESHUTDOWN if it has been closed, -EINVAL if the
 * module is older than the flag.
 */
int procsrv_new_server_flags(int fd, __u32 flags);

/**
 * procsrv_call() - one operation, in the terms of <linux/procsrv.h>
 * @fd: the server
 * @request: PROCSRV_IOC_*
 * @args: its structure
 *
 * All other functions use this; for programs that choose the operation at run
 * time.
 *
 * Return: 0 or an error.
 */
int procsrv_call(int fd, unsigned long request, void *args);

/*
 * Several operations in one call
 */

/**
 * procsrv_batch_set() - make an element of a batch
 * @op: the element
 * @request: PROCSRV_IOC_*
 * @args: its structure, which is copied
 */
void procsrv_batch_set(struct procsrv_batch_op *op, unsigned long request,
		       const void *args);

/**
 * procsrv_batch_get() - get the result of an element of a batch
 * @op: the element
 * @args: filled with its structure
 *
 * Return: 0 or an error, of this operation.
 */
int procsrv_batch_get(const struct procsrv_batch_op *op, void *args);

/**
 * procsrv_batch() - run several operations in one call
 * @fd: the server
 * @ops: the operations
 * @count: how many, 1 to PROCSRV_BATCH_MAX
 * @flags: mask of PROCSRV_BATCH_STOP
 *
 * Return: the number that were run, beginning with the first, each of which has
 * its result; or an error, and none was run.
 */
int procsrv_batch(int fd, struct procsrv_batch_op *ops, __u32 count,
		  __u32 flags);

/*
 * Lifecycle
 */

/**
 * struct procsrv_program - what a process runs
 * @name: its name
 * @argv: its command line: NUL-terminated strings one after the other, as in
 *	/proc/PID/cmdline and as procsrv_pack() makes them
 * @envp: its environment, in the same form
 * @argv_len: bytes at @argv, every NUL counted; 0 for none
 * @envp_len: bytes at @envp, every NUL counted; 0 for none
 */
struct procsrv_program {
	const char *name;
	const char *argv;
	const char *envp;
	size_t argv_len;
	size_t envp_len;
};

/**
 * procsrv_pack() - put the strings of a list one after the other
 * @strings: the list, as execve(2) takes it: ends with NULL
 * @buf: filled, or NULL with a @size of 0
 * @size: bytes at @buf
 *
 * Like snprintf(3): if there is not enough room, the return value is the room
 * that is needed, and the contents of @buf must not be used.
 *
 * Return: bytes that all of the strings take, every NUL counted.
 */
size_t procsrv_pack(char *const strings[], char *buf, size_t size);

/**
 * procsrv_create() - create a process
 * @fd: the server
 * @parent: pid of the parent
 * @program: what it runs, or NULL with PROCSRV_CREATE_INHERIT
 * @uid: user id, or 0 with PROCSRV_CREATE_INHERIT
 * @gid: group id, likewise
 * @flags: mask of PROCSRV_CREATE_TIED, _PID, _INHERIT and _HOSTED
 * @pid: the new process; with PROCSRV_CREATE_PID it has the pid that is there
 *
 * Return: 0 or an error; -ESHUTDOWN if the private server has been closed.
 */
int procsrv_create(int fd, __u64 parent, const struct procsrv_program *program,
		   uid_t uid, gid_t gid, __u32 flags, __u64 *pid);

/**
 * procsrv_clone() - create a process with an exit signal; as procsrv_create()
 * @fd: the server
 * @parent: pid of the parent
 * @program: what it runs, or NULL with PROCSRV_CREATE_INHERIT
 * @uid: user id, or 0 with PROCSRV_CREATE_INHERIT
 * @gid: group id, likewise
 * @flags: mask of PROCSRV_CREATE_TIED, _PID, _INHERIT and _HOSTED
 * @exit_signal: the signal for its parent when it exits, up to 64; 0 for none
 * @pid: the new process; with PROCSRV_CREATE_PID it has the pid that is there
 *
 * Unless the exit signal is SIGCHLD (17), waits find the process only with
 * PROCSRV_WAIT_WCLONE or PROCSRV_WAIT_WALL.
 *
 * Return: 0 or an error.
 */
int procsrv_clone(int fd, __u64 parent, const struct procsrv_program *program,
		  uid_t uid, gid_t gid, __u32 flags, int exit_signal,
		  __u64 *pid);

/**
 * procsrv_exec() - replace name, command line and environment
 * @fd: the server
 * @pid: the process
 * @program: what it runs from here on
 *
 * Return: 0 or an error.
 */
int procsrv_exec(int fd, __u64 pid, const struct procsrv_program *program);

/**
 * procsrv_terminate() - end a process
 * @fd: the server
 * @pid: the process
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, or 0; of a hosted process perhaps with
 *	PROCSRV_CORE_DUMP
 *
 * Return: 0 or an error.
 */
int procsrv_terminate(int fd, __u64 pid, int exit_code, __u32 exit_signal);

/**
 * procsrv_wait() - wait for a child to change state
 * @fd: the server
 * @args: the parent, and what to wait for; filled with the result
 *
 * Interrupted, it leaves the time that was left in @args.
 *
 * Return: 0 or an error: -EAGAIN with PROCSRV_WAIT_NOHANG, -ETIMEDOUT.
 */
int procsrv_wait(int fd, struct procsrv_wait_args *args);

/**
 * procsrv_reap() - reap the zombies whose parent is init
 * @fd: the server
 * @count: how many there were
 *
 * Return: 0 or an error.
 */
int procsrv_reap(int fd, __u64 *count);

/**
 * procsrv_set_reaper() - set or clear the reaper flag of a process
 * @fd: the server
 * @pid: the process
 * @on: whether orphans among its descendants are reparented to it
 *
 * Return: 0 or an error.
 */
int procsrv_set_reaper(int fd, __u64 pid, bool on);

/**
 * procsrv_set_autoreap() - set or clear the autoreap flag of a process
 * @fd: the server
 * @pid: the process
 * @on: whether its children leave no zombies
 *
 * Return: 0 or an error.
 */
int procsrv_set_autoreap(int fd, __u64 pid, bool on);

/*
 * Hosted processes
 */

/**
 * procsrv_report() - report what the body of a hosted process does
 * @fd: the server
 * @pid: the process
 * @what: whether it has stopped, was continued, or is exiting
 * @signo: with PROCSRV_BODY_STOPPED, the signal that stopped it: 19 to 22;
 *	otherwise 0
 *
 * Return: 0 or an error: -ESRCH if it is exiting already, -EOPNOTSUPP if it is
 * not hosted.
 */
int procsrv_report(int fd, __u64 pid, enum procsrv_body what, int signo);

/**
 * procsrv_get_credentials() - get the credentials of a process
 * @fd: the server
 * @pid: the process
 * @credentials: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_credentials(int fd, __u64 pid,
			    struct procsrv_credentials *credentials);

/**
 * procsrv_set_credentials() - set the credentials of a hosted process
 * @fd: the server
 * @pid: the process
 * @credentials: all of them
 *
 * Return: 0 or an error: -EOPNOTSUPP if it is not hosted.
 */
int procsrv_set_credentials(int fd, __u64 pid,
			    const struct procsrv_credentials *credentials);

/*
 * Signals
 */

/**
 * procsrv_signal() - send a signal
 * @fd: the server
 * @sender: pid of the sender, or 0 for a sender outside of the server
 * @target: the kind of target
 * @id: pid, pgid or sid, by @target
 * @signo: the signal, or 0 to check only
 * @count: how many processes it reached
 *
 * Return: 0 or an error.
 */
int procsrv_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		   int signo, __u32 *count);

/**
 * procsrv_take_signal() - take a pending signal
 * @fd: the server
 * @args: the process, and which signals; filled with the signal
 *
 * If it is interrupted, the time that was left is in @args. It only uses the
 * fields of @args up to count, which were all in the first version of the
 * library: procsrv_take() fills the others, too.
 *
 * Return: 0 or an error: -EAGAIN with PROCSRV_TAKE_NOHANG, -ETIMEDOUT.
 */
int procsrv_take_signal(int fd, struct procsrv_take_signal_args *args);

/**
 * procsrv_take() - take a pending signal, with its origin
 * @fd: the server
 * @args: the process, or a pid of 0 for any that was created as a hosted
 *	process on @fd, and which signals; filled with the signal, its target
 *	and its origin
 *
 * If it is interrupted, the time that was left is in @args.
 *
 * Return: 0 or an error: -EAGAIN with PROCSRV_TAKE_NOHANG, -ETIMEDOUT.
 */
int procsrv_take(int fd, struct procsrv_take_signal_args *args);

/*
 * Information, reports, limits
 */

/**
 * procsrv_get_info() - get information about a process
 * @fd: the server
 * @pid: the process
 * @info: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_info(int fd, __u64 pid, struct procsrv_info *info);

/**
 * struct procsrv_details - a process with its strings
 * @info: the process
 * @argv: command line, @info.argv_len bytes and a NUL
 * @envp: environment, @info.envp_len bytes and a NUL
 * @cwd: working directory
 * @terminal: terminal of its session, or an empty string
 * @room: bytes allocated for each of the four
 *
 * It must be zero at first; what was allocated is used again from call to call.
 */
struct procsrv_details {
	struct procsrv_info info;
	char *argv;
	char *envp;
	char *cwd;
	char *terminal;
	__u32 room[4];
};

/**
 * procsrv_get_details() - get everything that the server knows of a process
 * @fd: the server
 * @pid: the process
 * @details: filled
 *
 * Return: 0 or an error; what @details has allocated is kept in either case.
 */
int procsrv_get_details(int fd, __u64 pid, struct procsrv_details *details);

/**
 * procsrv_free_details() - free what procsrv_get_details() allocated
 * @details: may be all zero
 */
void procsrv_free_details(struct procsrv_details *details);

/**
 * procsrv_update() - report state and usage of a process
 * @fd: the server
 * @args: the process, and what to change
 *
 * Return: 0 or an error.
 */
int procsrv_update(int fd, const struct procsrv_update_args *args);

/**
 * procsrv_get_limits() - get the resource limits of a process
 * @fd: the server
 * @pid: the process
 * @limits: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_limits(int fd, __u64 pid, struct procsrv_limits *limits);

/**
 * procsrv_set_limits() - set all resource limits of a process
 * @fd: the server
 * @pid: the process
 * @limits: the new limits
 *
 * Return: 0 or an error.
 */
int procsrv_set_limits(int fd, __u64 pid, const struct procsrv_limits *limits);

/**
 * procsrv_list() - a page of the list of processes
 * @fd: the server
 * @scope: which processes
 * @id: sid or pgid, by @scope
 * @cursor: list pids above this one, 0 to begin; becomes the last one listed
 * @page: filled
 * @count: elements there is room for in @page, at most INT_MAX
 * @seq: the number of the latest event when the page was begun
 *
 * Return: elements filled, or an error. Less than @count means that the list
 * has ended.
 */
int procsrv_list(int fd, enum procsrv_list_scope scope, __u32 id,
		 __u64 *cursor, struct procsrv_info *page, __u32 count,
		 __u64 *seq);

/**
 * procsrv_list_pids() - a page of the list of pids; as procsrv_list()
 * @fd: the server
 * @scope: which processes
 * @id: sid or pgid, by @scope
 * @cursor: list pids above this one, 0 to begin; becomes the last one listed
 * @page: filled
 * @count: elements there is room for in @page, at most INT_MAX
 * @seq: the number of the latest event when the page was begun
 *
 * Return: elements filled, or an error. Less than @count means that the list
 * has ended.
 */
int procsrv_list_pids(int fd, enum procsrv_list_scope scope, __u32 id,
		      __u64 *cursor, __u64 *page, __u32 count, __u64 *seq);

/**
 * procsrv_for_each() - walk the list of processes, page by page
 * @fd: the server
 * @scope: which processes
 * @id: sid or pgid, by @scope
 * @each: called for each, in pid order; a value other than 0 ends the walk
 * @data: for @each
 *
 * Return: 0, an error of the listing, or what @each returned.
 */
int procsrv_for_each(int fd, enum procsrv_list_scope scope, __u32 id,
		     int (*each)(const struct procsrv_info *info, void *data),
		     void *data);

/**
 * procsrv_for_pids() - walk the list of pids; as procsrv_for_each()
 * @fd: the server
 * @scope: which processes
 * @id: sid or pgid, by @scope
 * @each: called for each, in pid order; a value other than 0 ends the walk
 * @data: for @each
 *
 * Return: 0, an error of the listing, or what @each returned.
 */
int procsrv_for_pids(int fd, enum procsrv_list_scope scope, __u32 id,
		     int (*each)(__u64 pid, void *data), void *data);

/**
 * procsrv_get_stats() - the counters of a server, all at the same moment
 * @fd: the server
 * @stats: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_stats(int fd, struct procsrv_stats *stats);

/**
 * procsrv_get_time() - read the server's clock
 * @fd: the server
 * @args: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_time(int fd, struct procsrv_time_args *args);

/**
 * procsrv_revoke() - note that a capability was revoked
 * @fd: the server
 * @pid: the process to notify, or 0 for every process
 * @capability: the capability, with a meaning to its issuer
 *
 * Return: 0 or an error.
 */
int procsrv_revoke(int fd, __u64 pid, __u64 capability);

/*
 * Sessions and process groups
 */

/**
 * procsrv_create_session() - create a session
 * @fd: the server
 * @leader: the process that will lead it
 * @sid: the new session
 * @pgid: the new process group in it
 *
 * Return: 0 or an error.
 */
int procsrv_create_session(int fd, __u64 leader, __u32 *sid, __u32 *pgid);

/**
 * procsrv_get_session() - get information about a session
 * @fd: the server
 * @sid: the session
 * @session: filled, but for the pointer in it
 * @terminal: filled with the name of its terminal, as far as there is room
 * @size: bytes at @terminal; PROCSRV_NAME_MAX + 1 are always enough
 *
 * If the session has no terminal, @terminal is not changed, and the field
 * terminal_size of @session is 0; otherwise it is the size of the name with its
 * NUL.
 *
 * Return: 0 or an error.
 */
int procsrv_get_session(int fd, __u32 sid, struct procsrv_session_args *session,
			char *terminal, size_t size);

/**
 * procsrv_set_terminal() - set or clear the terminal of a session
 * @fd: the server
 * @sid: the session
 * @name: name of the terminal, or NULL for none
 *
 * Return: 0 or an error.
 */
int procsrv_set_terminal(int fd, __u32 sid, const char *name);

/**
 * procsrv_set_foreground() - set the foreground group of a session's terminal
 * @fd: the server
 * @sid: the session
 * @pgid: a process group in it, or 0 for none
 *
 * Return: 0 or an error: -ENOTTY if the session has no terminal.
 */
int procsrv_set_foreground(int fd, __u32 sid, __u32 pgid);

/**
 * procsrv_hang_up() - hang up the terminal of a session
 * @fd: the server
 * @sid: the session
 * @count: how many processes the signals reached
 *
 * Return: 0 or an error.
 */
int procsrv_hang_up(int fd, __u32 sid, __u32 *count);

/**
 * procsrv_create_group() - create a process group
 * @fd: the server
 * @caller: pid of the caller, or 0 for a caller outside of the server
 * @leader: the process that will lead it
 * @sid: its session, or 0 if it has none
 * @pgid: the new group
 *
 * Return: 0 or an error.
 */
int procsrv_create_group(int fd, __u64 caller, __u64 leader, __u32 sid,
			 __u32 *pgid);

/**
 * procsrv_set_group() - move a process to a process group
 * @fd: the server
 * @caller: pid of the caller, or 0 for a caller outside of the server
 * @pid: the process
 * @pgid: the group
 *
 * Return: 0 or an error.
 */
int procsrv_set_group(int fd, __u64 caller, __u64 pid, __u32 pgid);

/**
 * procsrv_get_group() - get information about a process group
 * @fd: the server
 * @pgid: the group
 * @group: filled
 *
 * Return: 0 or an error.
 */
int procsrv_get_group(int fd, __u32 pgid, struct procsrv_group_args *group);

/**
 * procsrv_group_is_orphaned() - find out whether a process group is orphaned
 * @fd: the server
 * @pgid: the group
 *
 * Return: 1 if it is, 0 if not, or an error.
 */
int procsrv_group_is_orphaned(int fd, __u32 pgid);

/*
 * Events and handles
 */

/**
 * procsrv_subscribe() - choose the events that a descriptor reads
 * @fd: the server
 * @pid: only those about this process, or 0
 * @kinds: mask of PROCSRV_EVENT_BIT(), PROCSRV_EVENTS_ALL, or 0 to end it
 * @capacity: events that the ring holds, or 0 for PROCSRV_RING_DEFAULT
 * @flags: mask of PROCSRV_SUBSCRIBE_SUBTREE
 * @seq: the number of the latest event before
 *
 * A subscription belongs to the open file: two readers need two procsrv_open().
 *
 * Return: 0 or an error.
 */
int procsrv_subscribe(int fd, __u64 pid, __u32 kinds, __u32 capacity,
		      __u32 flags, __u64 *seq);

/**
 * procsrv_read_events() - read events
 * @fd: the server
 * @events: filled
 * @count: elements there is room for
 *
 * Sleeps until there is an event, unless the descriptor has O_NONBLOCK; poll(2)
 * reports when there is.
 *
 * Return: elements filled, or an error; -EAGAIN with O_NONBLOCK. 0 if no event is left and
 * @fd is a further descriptor of a private server that has ended.
 */
ssize_t procsrv_read_events(int fd, struct procsrv_event *events, size_t count);

/**
 * procsrv_open_process() - get a handle of a process
 * @fd: the server
 * @pid: the process
 * @flags: mask of PROCSRV_OPEN_NONBLOCK
 *
 * It polls readable (poll(2), POLLIN) once the process has exited.
 *
 * Return: a descriptor, closed on exec, or an error.
 */
int procsrv_open_process(int fd, __u64 pid, __u32 flags);

/**
 * procsrv_read_exit_record() - read how the process of a handle has exited
 * @handle: what procsrv_open_process() returned
 * @record: filled
 *
 * Sleeps until it has exited, unless the handle has PROCSRV_OPEN_NONBLOCK.
 *
 * Return: 0 or an error; -EAGAIN with PROCSRV_OPEN_NONBLOCK.
 */
int procsrv_read_exit_record(int handle, struct procsrv_exit_record *record);

/*
 * Names and numbers, and errors in words
 */

/**
 * procsrv_signal_name() - "SIGTERM", "SIGRTMIN+3"
 * @signo: its number in the server, which is that of Linux on x86
 *
 * Return: the name, or NULL.
 */
const char *procsrv_signal_name(int signo);

/**
 * procsrv_parse_signal() - read a signal
 * @s: 0 to 64, or a name with or without SIG: TERM, RTMIN+3, RTMAX-2, or RT_n
 *	as strace has it (RT_0 is 32)
 * @signo: the number
 *
 * Return: 0 or -EINVAL.
 */
int procsrv_parse_signal(const char *s, int *signo);

/**
 * procsrv_state_name() - "RUNNING", ...
 * @state: &enum procsrv_state
 *
 * Return: the name, or NULL.
 */
const char *procsrv_state_name(__u32 state);

/**
 * procsrv_state_letter() - the state in one letter, as ps(1) has it
 * @state: &enum procsrv_state
 *
 * Return: the letter, or '?'.
 */
char procsrv_state_letter(__u32 state);

/**
 * procsrv_parse_state() - read a state
 * @s: its name or its letter
 * @state: &enum procsrv_state
 *
 * Return: 0 or -EINVAL.
 */
int procsrv_parse_state(const char *s, __u32 *state);

/**
 * procsrv_priority_name() - "idle", "low", "normal", "high", "realtime"
 * @priority: &enum procsrv_priority
 *
 * Return: the name, or NULL.
 */
const char *procsrv_priority_name(__u32 priority);

/**
 * procsrv_parse_priority() - read a priority
 * @s: its name
 * @priority: &enum procsrv_priority
 *
 * Return: 0 or -EINVAL.
 */
int procsrv_parse_priority(const char *s, __u32 *priority);

/**
 * procsrv_event_name() - "create", "exec", ...
 * @kind: &enum procsrv_event_kind
 *
 * Return: the name, or NULL.
 */
const char *procsrv_event_name(__u32 kind);

/**
 * procsrv_parse_event() - read a kind of event that can be subscribed to
 * @s: its name; not "lost", which no mask has
 * @kind: &enum procsrv_event_kind
 *
 * Return: 0 or -EINVAL.
 */
int procsrv_parse_event(const char *s, __u32 *kind);

/**
 * procsrv_limit_name() - "memory", "cpu-time", "threads"
 * @limit: one bit of PROCSRV_LIMIT_*
 *
 * Return: the name, or NULL.
 */
const char *procsrv_limit_name(__u32 limit);

/**
 * procsrv_update_name() - "cpu-time", "memory", "threads", "state", ...
 * @field: one bit of PROCSRV_UPDATE_*
 *
 * Return: the name, or NULL.
 */
const char *procsrv_update_name(__u32 field);

/**
 * procsrv_explain() - say why an operation was refused
 * @fd: the server, which is asked for details beyond the errno
 * @request: PROCSRV_IOC_*
 * @args: the structure that was passed
 * @err: the errno, positive
 * @buf: filled with a sentence that names the process, without a full stop,
 *	and ends in the name of the errno in parentheses
 * @size: bytes at @buf; 256 are enough
 */
void procsrv_explain(int fd, unsigned long request, const void *args, int err,
		     char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* PROCSRV_LIBRARY_H */
