/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints procsrv:procsrv_*, one for each kind of event, one for waits and
 * one for holds of the server's lock
 *
 * The prefix is for interfaces without trace systems: raw tracepoints of BPF,
 * and the symbols of the kernel, have the name alone.
 *
 * All have the server (0 is the one behind /dev/procsrv). Those of events have
 * the number of the event, and are hit in a change; procsrv_wait is hit by the
 * waiting task, after the wait, and procsrv_hold after the lock was dropped.
 * Names of events and fields are an interface: they do not change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM procsrv

#if !defined(PROCSRV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PROCSRV_TRACE_H

#include <linux/tracepoint.h>

#include "compat.h"
#include "core/objects.h"

#define PROCSRV_TRACE_PROTO						\
	TP_PROTO(const struct procsrv *ps,				\
		 const struct procsrv_process *p,			\
		 const struct procsrv_event *e)
#define PROCSRV_TRACE_ARGS TP_ARGS(ps, p, e)

#define show_procsrv_state(state)			\
	__print_symbolic(state,				\
			 { PROCSRV_RUNNING, "RUNNING" },	\
			 { PROCSRV_SLEEPING, "SLEEPING" },	\
			 { PROCSRV_STOPPED, "STOPPED" })

TRACE_EVENT(procsrv_create,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u64, parent)
		__string(name, procsrv_image_name(p->image))
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->parent = e->other;
		procsrv_assign_str(name, procsrv_image_name(p->image));
	),
	TP_printk("server=%u seq=%llu pid=%llu parent=%llu name=%s",
		  __entry->server, __entry->seq, __entry->pid, __entry->parent,
		  __get_str(name))
);

TRACE_EVENT(procsrv_exec,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__string(name, procsrv_image_name(p->image))
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		procsrv_assign_str(name, procsrv_image_name(p->image));
	),
	TP_printk("server=%u seq=%llu pid=%llu name=%s", __entry->server,
		  __entry->seq, __entry->pid, __get_str(name))
);

TRACE_EVENT(procsrv_exit,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(s32, code)
		__field(u32, signo)
		__string(name, procsrv_image_name(p->image))
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->code = e->code;
		__entry->signo = e->signo;
		procsrv_assign_str(name, procsrv_image_name(p->image));
	),
	TP_printk("server=%u seq=%llu pid=%llu code=%d signo=%u name=%s",
		  __entry->server, __entry->seq, __entry->pid, __entry->code,
		  __entry->signo, __get_str(name))
);

TRACE_EVENT(procsrv_signal,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u64, sender)
		__field(u32, signo)
		__string(name, procsrv_image_name(p->image))
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->sender = e->other;
		__entry->signo = e->signo;
		procsrv_assign_str(name, procsrv_image_name(p->image));
	),
	TP_printk("server=%u seq=%llu pid=%llu sender=%llu signo=%u name=%s",
		  __entry->server, __entry->seq, __entry->pid, __entry->sender,
		  __entry->signo, __get_str(name))
);

/* Events with a second process: the parent that waited, or the new parent. */
DECLARE_EVENT_CLASS(procsrv_relation,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u64, parent)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->parent = e->other;
	),
	TP_printk("server=%u seq=%llu pid=%llu parent=%llu", __entry->server,
		  __entry->seq, __entry->pid, __entry->parent)
);

DEFINE_EVENT(procsrv_relation, procsrv_reap, PROCSRV_TRACE_PROTO,
	     PROCSRV_TRACE_ARGS);
DEFINE_EVENT(procsrv_relation, procsrv_parent, PROCSRV_TRACE_PROTO,
	     PROCSRV_TRACE_ARGS);

TRACE_EVENT(procsrv_state,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u32, state)
		__field(u32, signo)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->state = e->detail;
		__entry->signo = e->signo;
	),
	TP_printk("server=%u seq=%llu pid=%llu state=%s signo=%u",
		  __entry->server, __entry->seq, __entry->pid,
		  show_procsrv_state(__entry->state), __entry->signo)
);

/* Those that put a process elsewhere. */
DECLARE_EVENT_CLASS(procsrv_place,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u32, sid)
		__field(u32, pgid)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->sid = e->sid;
		__entry->pgid = e->pgid;
	),
	TP_printk("server=%u seq=%llu pid=%llu sid=%u pgid=%u",
		  __entry->server, __entry->seq, __entry->pid, __entry->sid,
		  __entry->pgid)
);

DEFINE_EVENT(procsrv_place, procsrv_session, PROCSRV_TRACE_PROTO,
	     PROCSRV_TRACE_ARGS);
DEFINE_EVENT(procsrv_place, procsrv_group, PROCSRV_TRACE_PROTO,
	     PROCSRV_TRACE_ARGS);

TRACE_EVENT(procsrv_limit,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u32, limit)
		__field(u64, value)
		__field(u64, max)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->limit = e->detail;
		__entry->value = e->value;
		__entry->max = e->other;
	),
	TP_printk("server=%u seq=%llu pid=%llu limit=%s value=%llu max=%llu",
		  __entry->server, __entry->seq, __entry->pid,
		  __print_symbolic(__entry->limit,
				   { PROCSRV_LIMIT_MEMORY, "memory" },
				   { PROCSRV_LIMIT_CPU_TIME, "cpu_time" },
				   { PROCSRV_LIMIT_THREADS, "threads" }),
		  __entry->value, __entry->max)
);

/* @pid is 0 where the notice went to every process. */
TRACE_EVENT(procsrv_capability,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u64, capability)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->capability = e->other;
	),
	TP_printk("server=%u seq=%llu pid=%llu capability=%llu",
		  __entry->server, __entry->seq, __entry->pid,
		  __entry->capability)
);

TRACE_EVENT(procsrv_update,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u32, mask)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->mask = e->detail;
	),
	TP_printk("server=%u seq=%llu pid=%llu mask=%#x", __entry->server,
		  __entry->seq, __entry->pid, __entry->mask)
);

TRACE_EVENT(procsrv_terminal,
	PROCSRV_TRACE_PROTO,
	PROCSRV_TRACE_ARGS,
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, seq)
		__field(u64, pid)
		__field(u32, sid)
		__field(u32, on)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->seq = e->seq;
		__entry->pid = e->pid;
		__entry->sid = e->sid;
		__entry->on = e->detail;
	),
	TP_printk("server=%u seq=%llu pid=%llu sid=%u on=%u", __entry->server,
		  __entry->seq, __entry->pid, __entry->sid, __entry->on)
);

/*
 * A wait has ended, after @ns nanoseconds. It has no number, and is not under
 * the lock. @error is 0 or a negative errno; without error @pid and @why say
 * what it found.
 */
TRACE_EVENT(procsrv_wait,
	TP_PROTO(const struct procsrv *ps, const struct procsrv_wait *w,
		 int error, u64 ns),
	TP_ARGS(ps, w, error, ns),
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, parent)
		__field(u64, pid)
		__field(u32, why)
		__field(s32, error)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->parent = w->parent;
		__entry->pid = error ? 0 : w->pid;
		__entry->why = error ? 0 : w->why;
		__entry->error = error;
		__entry->ns = ns;
	),
	TP_printk("server=%u parent=%llu pid=%llu why=%s error=%d ns=%llu",
		  __entry->server, __entry->parent, __entry->pid,
		  __print_flags(__entry->why, "|",
				{ PROCSRV_WAIT_EXITED, "exited" },
				{ PROCSRV_WAIT_STOPPED, "stopped" },
				{ PROCSRV_WAIT_CONTINUED, "continued" }),
		  __entry->error, __entry->ns)
);

/*
 * A change has dropped the lock, after it has held it for @cycles of the raw
 * cycle counter: readers may have spun for so long. It
 * is hit without the lock, so that tracing does not lengthen the hold, but with
 * the mutex: in the order of the holds.
 */
TRACE_EVENT(procsrv_hold,
	TP_PROTO(const struct procsrv *ps, u64 cycles),
	TP_ARGS(ps, cycles),
	TP_STRUCT__entry(
		__field(u32, server)
		__field(u64, cycles)
	),
	TP_fast_assign(
		__entry->server = ps->id;
		__entry->cycles = cycles;
	),
	TP_printk("server=%u cycles=%llu", __entry->server, __entry->cycles)
);

#endif /* PROCSRV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH core
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
