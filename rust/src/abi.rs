// SPDX-License-Identifier: GPL-2.0-only
//! The interface, made by `scripts/bindings.py` from `abi/procsrv.h.layout`.
//!
//! What the structures and the constants mean is in `include/uapi/linux/procsrv.h`.

/// Structures of integers alone, without padding: any bytes are one.
///
/// # Safety
///
/// That has to be so.
pub unsafe trait Plain: Copy + Default {}

macro_rules! plain {
    ($structure:ident, $size:literal) => {
        unsafe impl Plain for $structure {}

        impl Default for $structure {
            fn default() -> Self {
                unsafe { core::mem::zeroed() }
            }
        }

        const _: () = assert!(core::mem::size_of::<$structure>() == $size);
    };
}

pub const NAME_MAX: u32 = 0xff;
pub const PATH_MAX: u32 = 0x1000;
pub const STRINGS_MAX: u32 = 0x200000;
pub const INIT_PID: u32 = 0x1;
pub const UNLIMITED: u64 = 0xffffffffffffffff;
pub const RUNNING: u32 = 0x0;
pub const SLEEPING: u32 = 0x1;
pub const WAITING: u32 = 0x2;
pub const STOPPED: u32 = 0x3;
pub const ZOMBIE: u32 = 0x4;
pub const DEAD: u32 = 0x5;
pub const PRIO_IDLE: u32 = 0x0;
pub const PRIO_LOW: u32 = 0x1;
pub const PRIO_NORMAL: u32 = 0x2;
pub const PRIO_HIGH: u32 = 0x3;
pub const PRIO_REALTIME: u32 = 0x4;
pub const CREATE_TIED: u32 = 0x1;
pub const CREATE_PID: u32 = 0x2;
pub const CREATE_INHERIT: u32 = 0x4;
pub const CREATE_HOSTED: u32 = 0x8;
pub const CREATE_EXIT_SIGNAL: u32 = 0x10;
pub const CREATE_SIBLING: u32 = 0x20;
pub const CORE_DUMP: u32 = 0x80;
pub const WAIT_ANY: u32 = 0x0;
pub const WAIT_PID: u32 = 0x1;
pub const WAIT_PGID: u32 = 0x2;
pub const WAIT_EXITED: u32 = 0x1;
pub const WAIT_STOPPED: u32 = 0x2;
pub const WAIT_CONTINUED: u32 = 0x4;
pub const WAIT_NOHANG: u32 = 0x1;
pub const WAIT_NOWAIT: u32 = 0x2;
pub const WAIT_TIMEOUT: u32 = 0x4;
pub const WAIT_WCLONE: u32 = 0x8;
pub const WAIT_WALL: u32 = 0x10;
pub const TARGET_PID: u32 = 0x0;
pub const TARGET_PGID: u32 = 0x1;
pub const TARGET_SID: u32 = 0x2;
pub const TARGET_ALL: u32 = 0x3;
pub const TARGET_TREE: u32 = 0x4;
pub const TAKE_NOHANG: u32 = 0x1;
pub const TAKE_TIMEOUT: u32 = 0x2;
pub const FROM_PROCESS: u32 = 0x1;
pub const FROM_OUTSIDE: u32 = 0x2;
pub const FROM_SERVER: u32 = 0x4;
pub const BODY_STOPPED: u32 = 0x0;
pub const BODY_CONTINUED: u32 = 0x1;
pub const BODY_EXITING: u32 = 0x2;
pub const CREDENTIALS_KILL: u32 = 0x1;
pub const INFO_EXECED: u32 = 0x1;
pub const INFO_ORPHAN: u32 = 0x2;
pub const INFO_REAPER: u32 = 0x4;
pub const INFO_TIED: u32 = 0x8;
pub const INFO_HIDDEN: u32 = 0x10;
pub const INFO_HOSTED: u32 = 0x20;
pub const INFO_EXITING: u32 = 0x40;
pub const INFO_AUTOREAP: u32 = 0x80;
pub const INFO_CLONE: u32 = 0x100;
pub const LIMIT_MEMORY: u32 = 0x1;
pub const LIMIT_CPU_TIME: u32 = 0x2;
pub const LIMIT_THREADS: u32 = 0x4;
pub const LIMITS_ENFORCE: u32 = 0x1;
pub const UPDATE_CPU_TIME: u32 = 0x1;
pub const UPDATE_MEMORY: u32 = 0x2;
pub const UPDATE_THREADS: u32 = 0x4;
pub const UPDATE_STATE: u32 = 0x8;
pub const UPDATE_PRIORITY: u32 = 0x10;
pub const UPDATE_CWD: u32 = 0x20;
pub const GROUP_ORPHANED: u32 = 0x1;
pub const LIST_ALL: u32 = 0x0;
pub const LIST_SID: u32 = 0x1;
pub const LIST_PGID: u32 = 0x2;
pub const CLOCK_CYCLES: u32 = 0x0;
pub const CLOCK_MONOTONIC: u32 = 0x1;
pub const EVENT_LOST: u32 = 0x0;
pub const EVENT_CREATE: u32 = 0x1;
pub const EVENT_EXEC: u32 = 0x2;
pub const EVENT_EXIT: u32 = 0x3;
pub const EVENT_REAP: u32 = 0x4;
pub const EVENT_SIGNAL: u32 = 0x5;
pub const EVENT_STATE: u32 = 0x6;
pub const EVENT_PARENT: u32 = 0x7;
pub const EVENT_SESSION: u32 = 0x8;
pub const EVENT_GROUP: u32 = 0x9;
pub const EVENT_LIMIT: u32 = 0xa;
pub const EVENT_CAPABILITY: u32 = 0xb;
pub const EVENT_UPDATE: u32 = 0xc;
pub const EVENT_TERMINAL: u32 = 0xd;
pub const NR_EVENTS: u32 = 0xe;
pub const EVENTS_ALL: u32 = 0x3ffe;
pub const SUBSCRIBE_SUBTREE: u32 = 0x1;
pub const RING_DEFAULT: u32 = 0x400;
pub const RING_MAX: u32 = 0x10000;
pub const OPEN_NONBLOCK: u32 = 0x1;
pub const SERVER_POSIX_IDS: u32 = 0x1;
pub const SERVER_SAME: u32 = 0x2;
pub const SERVER_INIT_REAPS: u32 = 0x4;
pub const BATCH_MAX: u32 = 0x400;
pub const BATCH_STOP: u32 = 0x1;
pub const IOC_MAGIC: u32 = 0xbd;
pub const IOC_CREATE: u32 = 0xc040bd00;
pub const IOC_EXEC: u32 = 0x4030bd01;
pub const IOC_TERMINATE: u32 = 0x4010bd02;
pub const IOC_WAIT: u32 = 0xc050bd03;
pub const IOC_SIGNAL: u32 = 0xc020bd04;
pub const IOC_INFO: u32 = 0xc048bd05;
pub const IOC_GET_LIMITS: u32 = 0xc038bd06;
pub const IOC_SET_LIMITS: u32 = 0x4038bd07;
pub const IOC_UPDATE: u32 = 0x4030bd08;
pub const IOC_CREATE_SESSION: u32 = 0xc018bd09;
pub const IOC_CREATE_GROUP: u32 = 0xc020bd0a;
pub const IOC_SET_GROUP: u32 = 0x4018bd0b;
pub const IOC_SESSION: u32 = 0xc028bd0c;
pub const IOC_GROUP: u32 = 0xc018bd0d;
pub const IOC_SET_TERMINAL: u32 = 0x4010bd0e;
pub const IOC_HANG_UP: u32 = 0xc010bd0f;
pub const IOC_LIST_PIDS: u32 = 0xc030bd10;
pub const IOC_LIST: u32 = 0xc030bd11;
pub const IOC_REAP: u32 = 0xc010bd12;
pub const IOC_STATS: u32 = 0x8050bd13;
pub const IOC_REVOKE: u32 = 0x4018bd14;
pub const IOC_TIME: u32 = 0xc020bd15;
pub const IOC_TAKE_SIGNAL: u32 = 0xc040bd16;
pub const IOC_SET_REAPER: u32 = 0x4010bd17;
pub const IOC_SUBSCRIBE: u32 = 0xc020bd18;
pub const IOC_OPEN_PROCESS: u32 = 0xc010bd19;
pub const IOC_NEW_SERVER: u32 = 0xc008bd1a;
pub const IOC_BATCH: u32 = 0xc018bd1b;
pub const IOC_REPORT: u32 = 0x4010bd1c;
pub const IOC_GET_CREDENTIALS: u32 = 0xc028bd1d;
pub const IOC_SET_CREDENTIALS: u32 = 0x4028bd1e;
pub const IOC_SET_AUTOREAP: u32 = 0x4010bd1f;
pub const IOC_SET_FOREGROUND: u32 = 0x4008bd20;
pub const URING_CANCEL: u32 = 0xbd80;

/// `struct procsrv_create_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CreateArgs {
    pub parent: u64,
    pub name: u64,
    pub argv: u64,
    pub envp: u64,
    pub argv_len: u32,
    pub envp_len: u32,
    pub uid: u32,
    pub gid: u32,
    pub flags: u32,
    pub notify: u32,
    pub pid: u64,
}

plain!(CreateArgs, 64);

/// `struct procsrv_exec_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ExecArgs {
    pub pid: u64,
    pub name: u64,
    pub argv: u64,
    pub envp: u64,
    pub argv_len: u32,
    pub envp_len: u32,
    pub flags: u32,
    pub pad: u32,
}

plain!(ExecArgs, 48);

/// `struct procsrv_terminate_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TerminateArgs {
    pub pid: u64,
    pub exit_code: i32,
    pub exit_signal: u32,
}

plain!(TerminateArgs, 16);

/// `struct procsrv_wait_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct WaitArgs {
    pub parent: u64,
    pub id: u64,
    pub which: u32,
    pub what: u32,
    pub flags: u32,
    pub why: u32,
    pub timeout: u64,
    pub pid: u64,
    pub cpu_time: u64,
    pub children_cpu_time: u64,
    pub uid: u32,
    pub exit_code: i32,
    pub exit_signal: u32,
    pub pad: u32,
}

plain!(WaitArgs, 80);

/// `struct procsrv_signal_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SignalArgs {
    pub sender: u64,
    pub id: u64,
    pub target: u32,
    pub signo: i32,
    pub flags: u32,
    pub count: u32,
}

plain!(SignalArgs, 32);

/// `struct procsrv_take_signal_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TakeSignalArgs {
    pub pid: u64,
    pub mask: u64,
    pub timeout: u64,
    pub sender: u64,
    pub flags: u32,
    pub signo: i32,
    pub count: u64,
    pub target: u64,
    pub origin: u32,
    pub pad: u32,
}

plain!(TakeSignalArgs, 64);

/// `struct procsrv_report_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ReportArgs {
    pub pid: u64,
    pub what: u32,
    pub signo: i32,
}

plain!(ReportArgs, 16);

/// `struct procsrv_credentials` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Credentials {
    pub ruid: u32,
    pub euid: u32,
    pub suid: u32,
    pub rgid: u32,
    pub egid: u32,
    pub sgid: u32,
    pub flags: u32,
    pub pad: u32,
}

plain!(Credentials, 32);

/// `struct procsrv_set_autoreap_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SetAutoreapArgs {
    pub pid: u64,
    pub on: u32,
    pub flags: u32,
}

plain!(SetAutoreapArgs, 16);

/// `struct procsrv_info` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Info {
    pub pid: u64,
    pub ppid: u64,
    pub start_time: u64,
    pub start_cycles: u64,
    pub cpu_time: u64,
    pub children_cpu_time: u64,
    pub memory_usage: u64,
    pub pending: u64,
    pub revocations: u64,
    pub state: u32,
    pub priority: u32,
    pub uid: u32,
    pub gid: u32,
    pub sid: u32,
    pub pgid: u32,
    pub thread_count: u32,
    pub flags: u32,
    pub exit_code: i32,
    pub exit_signal: u32,
    pub argv_len: u32,
    pub envp_len: u32,
    pub cwd_len: u32,
    pub terminal_len: u32,
    pub name: [u8; 256],
    pub seq: u64,
    pub limits_passed: u32,
    pub nr_limits_passed: u32,
}

plain!(Info, 400);

/// `struct procsrv_info_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct InfoArgs {
    pub pid: u64,
    pub info: u64,
    pub argv: u64,
    pub envp: u64,
    pub cwd: u64,
    pub terminal: u64,
    pub info_size: u32,
    pub argv_size: u32,
    pub envp_size: u32,
    pub cwd_size: u32,
    pub terminal_size: u32,
    pub flags: u32,
}

plain!(InfoArgs, 72);

/// `struct procsrv_limits` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub max_memory: u64,
    pub max_cpu_time: u64,
    pub stack_size: u64,
    pub core_size: u64,
    pub max_files: u32,
    pub max_threads: u32,
    pub nice: i32,
    pub flags: u32,
}

plain!(Limits, 48);

/// `struct procsrv_update_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct UpdateArgs {
    pub pid: u64,
    pub cpu_time: u64,
    pub memory_usage: u64,
    pub cwd: u64,
    pub mask: u32,
    pub thread_count: u32,
    pub state: u32,
    pub priority: u32,
}

plain!(UpdateArgs, 48);

/// `struct procsrv_create_session_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CreateSessionArgs {
    pub leader: u64,
    pub flags: u32,
    pub sid: u32,
    pub pgid: u32,
    pub pad: u32,
}

plain!(CreateSessionArgs, 24);

/// `struct procsrv_create_group_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CreateGroupArgs {
    pub caller: u64,
    pub leader: u64,
    pub sid: u32,
    pub flags: u32,
    pub pgid: u32,
    pub pad: u32,
}

plain!(CreateGroupArgs, 32);

/// `struct procsrv_set_group_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SetGroupArgs {
    pub caller: u64,
    pub pid: u64,
    pub pgid: u32,
    pub flags: u32,
}

plain!(SetGroupArgs, 24);

/// `struct procsrv_session_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SessionArgs {
    pub sid: u32,
    pub flags: u32,
    pub leader: u64,
    pub terminal: u64,
    pub terminal_size: u32,
    pub nr_processes: u32,
    pub nr_groups: u32,
    pub foreground: u32,
}

plain!(SessionArgs, 40);

/// `struct procsrv_group_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GroupArgs {
    pub pgid: u32,
    pub flags: u32,
    pub leader: u64,
    pub sid: u32,
    pub nr_processes: u32,
}

plain!(GroupArgs, 24);

/// `struct procsrv_set_terminal_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SetTerminalArgs {
    pub sid: u32,
    pub flags: u32,
    pub name: u64,
}

plain!(SetTerminalArgs, 16);

/// `struct procsrv_set_foreground_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SetForegroundArgs {
    pub sid: u32,
    pub pgid: u32,
}

plain!(SetForegroundArgs, 8);

/// `struct procsrv_hang_up_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HangUpArgs {
    pub sid: u32,
    pub flags: u32,
    pub count: u32,
    pub pad: u32,
}

plain!(HangUpArgs, 16);

/// `struct procsrv_list_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ListArgs {
    pub cursor: u64,
    pub buf: u64,
    pub record_size: u32,
    pub count: u32,
    pub scope: u32,
    pub id: u32,
    pub flags: u32,
    pub pad: u32,
    pub seq: u64,
}

plain!(ListArgs, 48);

/// `struct procsrv_reap_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ReapArgs {
    pub flags: u32,
    pub pad: u32,
    pub count: u64,
}

plain!(ReapArgs, 16);

/// `struct procsrv_stats` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Stats {
    pub total_processes: u64,
    pub running: u64,
    pub sleeping: u64,
    pub stopped: u64,
    pub zombies: u64,
    pub total_created: u64,
    pub total_exited: u64,
    pub sessions: u64,
    pub process_groups: u64,
    pub orphans: u64,
}

plain!(Stats, 80);

/// `struct procsrv_revoke_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RevokeArgs {
    pub pid: u64,
    pub capability: u64,
    pub flags: u32,
    pub pad: u32,
}

plain!(RevokeArgs, 24);

/// `struct procsrv_time_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TimeArgs {
    pub time: u64,
    pub cycles: u64,
    pub frequency: u64,
    pub source: u32,
    pub flags: u32,
}

plain!(TimeArgs, 32);

/// `struct procsrv_set_reaper_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SetReaperArgs {
    pub pid: u64,
    pub on: u32,
    pub flags: u32,
}

plain!(SetReaperArgs, 16);

/// `struct procsrv_event` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub seq: u64,
    pub time: u64,
    pub pid: u64,
    pub other: u64,
    pub value: u64,
    pub kind: u32,
    pub sid: u32,
    pub pgid: u32,
    pub signo: u32,
    pub code: i32,
    pub detail: u32,
}

plain!(Event, 64);

/// `struct procsrv_subscribe_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SubscribeArgs {
    pub pid: u64,
    pub kinds: u32,
    pub capacity: u32,
    pub flags: u32,
    pub pad: u32,
    pub seq: u64,
}

plain!(SubscribeArgs, 32);

/// `struct procsrv_open_process_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct OpenProcessArgs {
    pub pid: u64,
    pub flags: u32,
    pub fd: i32,
}

plain!(OpenProcessArgs, 16);

/// `struct procsrv_exit_record` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ExitRecord {
    pub pid: u64,
    pub cpu_time: u64,
    pub children_cpu_time: u64,
    pub uid: u32,
    pub exit_code: i32,
    pub exit_signal: u32,
    pub state: u32,
}

plain!(ExitRecord, 40);

/// `struct procsrv_new_server_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct NewServerArgs {
    pub flags: u32,
    pub fd: i32,
}

plain!(NewServerArgs, 8);

/// `struct procsrv_batch_op` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchOp {
    pub cmd: u32,
    pub result: i32,
    pub args: [u64; 15],
}

plain!(BatchOp, 128);

/// `struct procsrv_batch_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchArgs {
    pub ops: u64,
    pub op_size: u32,
    pub count: u32,
    pub flags: u32,
    pub done: u32,
}

plain!(BatchArgs, 24);

/// `struct procsrv_credentials_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CredentialsArgs {
    pub pid: u64,
    pub credentials: Credentials,
}

plain!(CredentialsArgs, 40);

/// `struct procsrv_limits_args` of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LimitsArgs {
    pub pid: u64,
    pub limits: Limits,
}

plain!(LimitsArgs, 56);
