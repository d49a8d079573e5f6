// SPDX-License-Identifier: GPL-2.0-only
//! What the server takes and returns. Times are microseconds of the server's clock.

use std::fmt;

use crate::abi;
use crate::strings::text;

/// A pid of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub u64);

impl Pid {
    /// The first process of every server.
    pub const INIT: Pid = Pid(abi::INIT_PID as u64);
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The state of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum State {
    Running,
    Sleeping,
    Waiting,
    Stopped,
    Zombie,
    Dead,
}

impl State {
    pub(crate) fn from_number(number: u32) -> State {
        match number {
            abi::RUNNING => State::Running,
            abi::SLEEPING => State::Sleeping,
            abi::WAITING => State::Waiting,
            abi::STOPPED => State::Stopped,
            abi::ZOMBIE => State::Zombie,
            _ => State::Dead,
        }
    }
}

/// The scheduling classes of VeridianOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Priority {
    Idle,
    Low,
    Normal,
    High,
    RealTime,
}

impl Priority {
    pub(crate) fn from_number(number: u32) -> Priority {
        match number {
            abi::PRIO_IDLE => Priority::Idle,
            abi::PRIO_LOW => Priority::Low,
            abi::PRIO_HIGH => Priority::High,
            abi::PRIO_REALTIME => Priority::RealTime,
            _ => Priority::Normal,
        }
    }

    pub(crate) fn number(self) -> u32 {
        match self {
            Priority::Idle => abi::PRIO_IDLE,
            Priority::Low => abi::PRIO_LOW,
            Priority::Normal => abi::PRIO_NORMAL,
            Priority::High => abi::PRIO_HIGH,
            Priority::RealTime => abi::PRIO_REALTIME,
        }
    }
}

/// Changes of a child that a wait is for: one, or several with `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change(pub(crate) u32);

impl Change {
    /// It has exited.
    pub const EXITED: Change = Change(abi::WAIT_EXITED);
    /// It has stopped.
    pub const STOPPED: Change = Change(abi::WAIT_STOPPED);
    /// It was continued.
    pub const CONTINUED: Change = Change(abi::WAIT_CONTINUED);
}

impl std::ops::BitOr for Change {
    type Output = Change;

    fn bitor(self, other: Change) -> Change {
        Change(self.0 | other.0)
    }
}

/// What a wait returns: a change of a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The child.
    pub pid: Pid,
    /// What has happened.
    pub change: Change,
    /// Its exit code; 0 unless it has exited.
    pub exit_code: i32,
    /// The signal that ended, stopped or continued it, or 0.
    pub exit_signal: u32,
    /// Its user.
    pub uid: u32,
    /// Its cpu time.
    pub cpu_time: u64,
    /// That of the children it has waited for.
    pub children_cpu_time: u64,
}

impl From<abi::WaitArgs> for Report {
    fn from(args: abi::WaitArgs) -> Report {
        Report {
            pid: Pid(args.pid),
            change: Change(args.why),
            exit_code: args.exit_code,
            exit_signal: args.exit_signal & !abi::CORE_DUMP,
            uid: args.uid,
            cpu_time: args.cpu_time,
            children_cpu_time: args.children_cpu_time,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.change {
            Change::STOPPED => "stopped",
            Change::CONTINUED => "continued",
            _ => return fmt_end(f, self.pid, self.exit_code, self.exit_signal),
        };
        write!(f, "{} {} by signal {}", self.pid, verb, self.exit_signal)
    }
}

fn fmt_end(f: &mut fmt::Formatter<'_>, pid: Pid, code: i32, signal: u32) -> fmt::Result {
    if signal == 0 {
        write!(f, "{} exited with code {}", pid, code)
    } else {
        write!(f, "{} killed by signal {}", pid, signal)
    }
}

/// How the process of a handle has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The process.
    pub pid: Pid,
    /// Its exit code.
    pub exit_code: i32,
    /// The signal that ended it, or 0.
    pub exit_signal: u32,
    /// Its user.
    pub uid: u32,
    /// Its cpu time.
    pub cpu_time: u64,
    /// That of the children it had waited for.
    pub children_cpu_time: u64,
    /// Whether it has been reaped.
    pub reaped: bool,
}

impl From<abi::ExitRecord> for Exit {
    fn from(record: abi::ExitRecord) -> Exit {
        Exit {
            pid: Pid(record.pid),
            exit_code: record.exit_code,
            exit_signal: record.exit_signal & !abi::CORE_DUMP,
            uid: record.uid,
            cpu_time: record.cpu_time,
            children_cpu_time: record.children_cpu_time,
            reaped: record.state == abi::DEAD,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_end(f, self.pid, self.exit_code, self.exit_signal)
    }
}

/// A signal that was pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The process that it was taken from.
    pub pid: Pid,
    /// The signal.
    pub signal: i32,
    /// Its first sender, if that was a process.
    pub sender: Option<Pid>,
    /// How often it was sent.
    pub count: u64,
}

/// A process at one moment, without its strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The process.
    pub pid: Pid,
    /// Its parent; 0 for init.
    pub ppid: Pid,
    /// Its name. What is not UTF-8 is replaced.
    pub name: String,
    /// Its state.
    pub state: State,
    /// Its priority.
    pub priority: Priority,
    /// Its user.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
    /// Its session, or 0.
    pub sid: u32,
    /// Its process group, or 0.
    pub pgid: u32,
    /// Its threads.
    pub thread_count: u32,
    /// Its memory in bytes.
    pub memory_usage: u64,
    /// Its cpu time.
    pub cpu_time: u64,
    /// That of the children it has waited for.
    pub children_cpu_time: u64,
    /// When it was created.
    pub start_time: u64,
    /// Pending signals: bit N - 1 for signal N.
    pub pending: u64,
    /// How many notices of a revoked capability it was sent.
    pub revocations: u64,
    /// Mask of `abi::INFO_*`.
    pub flags: u32,
    /// Of a zombie: its exit code.
    pub exit_code: i32,
    /// Of a zombie: the signal that ended it, perhaps with `abi::CORE_DUMP`, or 0.
    pub exit_signal: u32,
    /// Mask of `abi::LIMIT_*`: limits that it has passed.
    pub limits_passed: u32,
    /// The number of the latest event of the server at this moment.
    pub seq: u64,
}

impl From<&abi::Info> for Info {
    fn from(info: &abi::Info) -> Info {
        Info {
            pid: Pid(info.pid),
            ppid: Pid(info.ppid),
            name: text(&info.name),
            state: State::from_number(info.state),
            priority: Priority::from_number(info.priority),
            uid: info.uid,
            gid: info.gid,
            sid: info.sid,
            pgid: info.pgid,
            thread_count: info.thread_count,
            memory_usage: info.memory_usage,
            cpu_time: info.cpu_time,
            children_cpu_time: info.children_cpu_time,
            start_time: info.start_time,
            pending: info.pending,
            revocations: info.revocations,
            flags: info.flags,
            exit_code: info.exit_code,
            exit_signal: info.exit_signal,
            limits_passed: info.limits_passed,
            seq: info.seq,
        }
    }
}

/// A process with its strings, all of one moment. What is not UTF-8 is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// All but its strings.
    pub info: Info,
    /// Its command line; empty with `abi::INFO_HIDDEN`.
    pub argv: Vec<String>,
    /// Its environment; empty with `abi::INFO_HIDDEN`.
    pub envp: Vec<String>,
    /// Its working directory.
    pub cwd: String,
    /// The terminal of its session.
    pub terminal: Option<String>,
}

/// Resource limits. The default is that of a new process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub max_memory: u64,
    /// Microseconds.
    pub max_cpu_time: u64,
    /// Bytes.
    pub stack_size: u64,
    /// Bytes.
    pub core_size: u64,
    /// Open files.
    pub max_files: u32,
    /// Threads, at least 1.
    pub max_threads: u32,
    /// -20 to 19.
    pub nice: i32,
    /// Whether passing one of the first two, or of threads, ends the process.
    pub enforce: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_memory: 256 << 20,
            max_cpu_time: abi::UNLIMITED,
            stack_size: 8 << 20,
            core_size: 0,
            max_files: 1024,
            max_threads: 256,
            nice: 0,
            enforce: false,
        }
    }
}

impl From<abi::Limits> for Limits {
    fn from(limits: abi::Limits) -> Limits {
        Limits {
            max_memory: limits.max_memory,
            max_cpu_time: limits.max_cpu_time,
            stack_size: limits.stack_size,
            core_size: limits.core_size,
            max_files: limits.max_files,
            max_threads: limits.max_threads,
            nice: limits.nice,
            enforce: limits.flags & abi::LIMITS_ENFORCE != 0,
        }
    }
}

impl From<&Limits> for abi::Limits {
    fn from(limits: &Limits) -> abi::Limits {
        abi::Limits {
            max_memory: limits.max_memory,
            max_cpu_time: limits.max_cpu_time,
            stack_size: limits.stack_size,
            core_size: limits.core_size,
            max_files: limits.max_files,
            max_threads: limits.max_threads,
            nice: limits.nice,
            flags: if limits.enforce { abi::LIMITS_ENFORCE } else { 0 },
        }
    }
}

/// What a process does and uses: what is `Some` is reported, all at once.
#[derive(Clone, Debug, Default)]
pub struct Update<'a> {
    /// Microseconds.
    pub cpu_time: Option<u64>,
    /// Bytes.
    pub memory_usage: Option<u64>,
    /// At least 1.
    pub thread_count: Option<u32>,
    /// Whether it sleeps.
    pub sleeping: Option<bool>,
    /// Its priority.
    pub priority: Option<Priority>,
    /// Its working directory, an absolute path.
    pub cwd: Option<&'a str>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The process that created it, which may be gone.
    pub leader: Pid,
    /// The name of its terminal.
    pub terminal: Option<String>,
    /// Members, zombies included.
    pub nr_processes: u32,
    /// Process groups in it.
    pub nr_groups: u32,
    /// The foreground group of its terminal, or 0.
    pub foreground: u32,
}

/// A process group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The process that created it, which may be gone.
    pub leader: Pid,
    /// Its session, or 0.
    pub sid: u32,
    /// Members, zombies included.
    pub nr_processes: u32,
}

/// The counters of a server, all of one moment.
pub type Stats = abi::Stats;
