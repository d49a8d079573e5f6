// SPDX-License-Identifier: GPL-2.0-only
//! The names and types of VeridianOS's own process server.
//!
//! Code that was written for that server runs against procsrv when it takes its names from
//! here:
//!
//! ```no_run
//! // use crate::services::process_server::{self, ProcessServer};
//! use procsrv::veridian::{self as process_server, ProcessServer};
//!
//! # use procsrv::veridian::{KernelError, ProcessId};
//! fn run(server: &ProcessServer) -> Result<i32, KernelError> {
//!     let init = ProcessId(1);
//!     let child =
//!         server.create_process(init, "child".to_string(), 0, 0, Vec::new(), Vec::new())?;
//!     server.send_signal(child, 9)?;
//!     let (_, exit_code) = server.wait_for_child(init, Some(child))?;
//!     Ok(exit_code)
//! }
//!
//! process_server::init();
//! run(process_server::get_process_server()).unwrap();
//! ```
//!
//! # What is different
//!
//! procsrv does what that server means to do, and not what it does by mistake;
//! `docs/semantics.md` has each case with its test. For a program these matter:
//!
//! - There is an init from the beginning, process 1. It is listed and counted, cannot be
//!   ended, stopped or moved, and is the parent that every process can have. A parent that does
//!   not exist, 0 too, is an error.
//! - Signals 9, 15, 18 and 19 work; there they lock the table twice, and hang.
//! - What is a zombie stays one: it cannot be ended, stopped, updated or limited, and cannot
//!   have children, a session or a limit set.
//! - Sessions and groups exist as long as they have members, their leader has to exist, and
//!   a process is in one of each. A leader of a session cannot create another one.
//! - A child is in the process group of its parent.
//! - The caller needs permission: for processes of other users, and to create them.
//! - Names, lists of strings and numbers of processes have bounds.
//! - Times are measured in microseconds; there they are cycles divided by 2000.
//! - A limit that an update passes is recorded. It has no other effect, as there, because
//!   this module never asks for enforcement.
//!
//! Nothing is printed.

use std::fmt;
use std::io::{Error, ErrorKind};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::server::{Child, NewProcess, Server, Target, Until};
use crate::types::{Details, Limits, Update};

pub use crate::types::{Pid as ProcessId, Priority as ProcessPriority, State as ProcessState};

/// Why an operation was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KernelError {
    /// There is no such process, or it is a zombie.
    ProcessNotFound {
        /// Its pid.
        pid: u64,
    },
    /// There is nothing of this kind.
    NotFound {
        /// What was looked for.
        resource: &'static str,
        /// The process or the session that was asked about.
        id: u64,
    },
    /// Refused for a reason that VeridianOS's server does not know: `EPERM`, `EAGAIN`,
    /// `EINVAL` and so on, as `include/uapi/linux/procsrv.h` has them for each operation.
    Refused {
        /// The errno of Linux, or 0 if it was refused before the server was asked.
        errno: i32,
    },
}

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KernelError::ProcessNotFound { pid } => write!(f, "there is no process {}", pid),
            KernelError::NotFound { resource, id } => {
                write!(f, "there is no {} of {}", resource, id)
            }
            KernelError::Refused { errno } => write!(f, "{}", Error::from_raw_os_error(*errno)),
        }
    }
}

impl std::error::Error for KernelError {}

const ESRCH: i32 = 3;
const ECHILD: i32 = 10;

fn refused(error: Error) -> KernelError {
    KernelError::Refused { errno: error.raw_os_error().unwrap_or(0) }
}

/// The error of an operation on a process.
fn of_process(pid: ProcessId) -> impl Fn(Error) -> KernelError {
    move |error| match error.raw_os_error() {
        Some(ESRCH) => KernelError::ProcessNotFound { pid: pid.0 },
        _ => refused(error),
    }
}

/// Resource limits of a process. The default is that of a new one.
#[derive(Clone, Debug)]
pub struct ResourceLimits {
    /// Bytes.
    pub max_memory: u64,
    /// Microseconds.
    pub max_cpu_time: u64,
    /// Open files.
    pub max_files: u32,
    /// Threads; 0 is refused.
    pub max_threads: u32,
    /// -20 to 19; others are refused.
    pub nice_value: i8,
    /// Bytes.
    pub stack_size: u64,
    /// Bytes.
    pub core_size: u64,
}

impl Default for ResourceLimits {
    fn default() -> ResourceLimits {
        Limits::default().into()
    }
}

impl From<Limits> for ResourceLimits {
    fn from(limits: Limits) -> ResourceLimits {
        ResourceLimits {
            max_memory: limits.max_memory,
            max_cpu_time: limits.max_cpu_time,
            max_files: limits.max_files,
            max_threads: limits.max_threads,
            // The server has none that does not fit.
            nice_value: limits.nice as i8,
            stack_size: limits.stack_size,
            core_size: limits.core_size,
        }
    }
}

impl From<ResourceLimits> for Limits {
    fn from(limits: ResourceLimits) -> Limits {
        Limits {
            max_memory: limits.max_memory,
            max_cpu_time: limits.max_cpu_time,
            max_files: limits.max_files,
            max_threads: limits.max_threads,
            nice: limits.nice_value.into(),
            stack_size: limits.stack_size,
            core_size: limits.core_size,
            enforce: false,
        }
    }
}

/// A process at one moment. Times are microseconds.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct ProcessInfo {
    pub pid: ProcessId,
    /// 0 for init.
    pub ppid: ProcessId,
    pub name: String,
    pub state: ProcessState,
    pub uid: u32,
    pub gid: u32,
    pub start_time: u64,
    pub cpu_time: u64,
    pub memory_usage: u64,
    pub thread_count: u32,
    pub priority: ProcessPriority,
    /// Of a zombie.
    pub exit_code: Option<i32>,
    /// Empty if the caller may not see it.
    pub command_line: Vec<String>,
    /// Empty if the caller may not see it.
    pub environment: Vec<String>,
    pub working_directory: String,
    pub session_id: u32,
    /// That of its session.
    pub terminal: Option<String>,
}

impl From<Details> for ProcessInfo {
    fn from(details: Details) -> ProcessInfo {
        let info = details.info;
        let exit_code = Some(info.exit_code).filter(|_| info.state == ProcessState::Zombie);
        ProcessInfo {
            pid: info.pid,
            ppid: info.ppid,
            name: info.name,
            state: info.state,
            uid: info.uid,
            gid: info.gid,
            start_time: info.start_time,
            cpu_time: info.cpu_time,
            memory_usage: info.memory_usage,
            thread_count: info.thread_count,
            priority: info.priority,
            exit_code,
            command_line: details.argv,
            environment: details.envp,
            working_directory: details.cwd,
            session_id: info.sid,
            terminal: details.terminal,
        }
    }
}

/// A session.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Session {
    pub sid: u32,
    /// The process that created it, which may be gone.
    pub leader: ProcessId,
    pub terminal: Option<String>,
    pub processes: Vec<ProcessId>,
}

/// A process group.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct ProcessGroup {
    pub pgid: u32,
    /// The process that created it, which may be gone.
    pub leader: ProcessId,
    pub session_id: u32,
    pub processes: Vec<ProcessId>,
}

/// The counters of a server.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct ProcessServerStats {
    pub total_processes: usize,
    pub running: usize,
    pub sleeping: usize,
    pub stopped: usize,
    pub zombies: usize,
    pub total_created: u64,
    pub total_exited: u64,
    pub sessions: usize,
    pub process_groups: usize,
}

/// A process server: a private server of procsrv, which ends when this is dropped.
#[derive(Debug)]
pub struct ProcessServer {
    server: Server,
}

impl From<Server> for ProcessServer {
    /// With the names of VeridianOS, for example that of the device ([`Server::open`]).
    fn from(server: Server) -> ProcessServer {
        ProcessServer { server }
    }
}

impl ProcessServer {
    /// A new server, in which there is init alone.
    ///
    /// # Panics
    ///
    /// There is no device, the caller may not open it, or has too many servers. With
    /// [`Server::private`] a program gets an error instead.
    pub fn new() -> ProcessServer {
        Server::private().expect("no process server").into()
    }

    /// Create a child of a process. The child is in its session and in its process group.
    pub fn create_process(
        &self,
        parent_pid: ProcessId,
        name: String,
        uid: u32,
        gid: u32,
        command_line: Vec<String>,
        environment: Vec<String>,
    ) -> Result<ProcessId, KernelError> {
        let new = NewProcess {
            name,
            argv: command_line,
            envp: environment,
            uid: Some(uid),
            gid: Some(gid),
            ..NewProcess::default()
        };
        self.server.create(parent_pid, &new).map_err(of_process(parent_pid))
    }

    /// End a process. An end by this has no exit signal.
    pub fn terminate_process(&self, pid: ProcessId, exit_code: i32) -> Result<(), KernelError> {
        self.server.terminate(pid, exit_code, 0).map_err(of_process(pid))
    }

    /// Reap a child that has exited: that with the lowest pid, or a certain one. It does not
    /// sleep; [`Server::wait`] does.
    pub fn wait_for_child(
        &self,
        parent_pid: ProcessId,
        specific_pid: Option<ProcessId>,
    ) -> Result<(ProcessId, i32), KernelError> {
        let child = specific_pid.map_or(Child::Any, Child::Pid);
        match self.server.wait(parent_pid, child, Until::Now) {
            Ok(report) => Ok((report.pid, report.exit_code)),
            Err(error)
                if error.kind() == ErrorKind::WouldBlock
                    || error.raw_os_error() == Some(ECHILD) =>
            {
                Err(KernelError::NotFound { resource: "exited child", id: parent_pid.0 })
            }
            Err(error) => Err(of_process(parent_pid)(error)),
        }
    }

    /// A process, which may be a zombie.
    pub fn get_process_info(&self, pid: ProcessId) -> Option<ProcessInfo> {
        self.server.details(pid).ok().map(ProcessInfo::from)
    }

    /// All processes, ascending by pid, without those that are reaped meanwhile. Each is as it
    /// was at one moment, which is not the same for all.
    pub fn list_processes(&self) -> Vec<ProcessInfo> {
        self.list_process_ids().into_iter().filter_map(|pid| self.get_process_info(pid)).collect()
    }

    /// Set all resource limits of a process.
    pub fn set_resource_limits(
        &self,
        pid: ProcessId,
        limits: ResourceLimits,
    ) -> Result<(), KernelError> {
        self.server.set_limits(pid, &limits.into()).map_err(of_process(pid))
    }

    /// The resource limits of a process, which may be a zombie.
    pub fn get_resource_limits(&self, pid: ProcessId) -> Option<ResourceLimits> {
        self.server.limits(pid).ok().map(ResourceLimits::from)
    }

    /// Begin a session, and a process group in it.
    pub fn create_session(&self, leader_pid: ProcessId) -> Result<u32, KernelError> {
        self.server.create_session(leader_pid).map(|ids| ids.0).map_err(of_process(leader_pid))
    }

    /// Begin a process group, in the session that its leader is in.
    pub fn create_process_group(
        &self,
        leader_pid: ProcessId,
        session_id: u32,
    ) -> Result<u32, KernelError> {
        self.server.create_group(None, leader_pid, session_id).map_err(|error| {
            let no_session =
                error.raw_os_error() == Some(ESRCH) && self.server.info(leader_pid).is_ok();
            if no_session {
                KernelError::NotFound { resource: "session", id: session_id.into() }
            } else {
                of_process(leader_pid)(error)
            }
        })
    }

    /// Send a signal from outside. Those without an effect of their own become pending.
    pub fn send_signal(&self, pid: ProcessId, signal: i32) -> Result<(), KernelError> {
        self.server.signal(Target::Pid(pid), signal, None).map(|_| ()).map_err(of_process(pid))
    }

    /// Report what a process uses. Of one that does not exist nothing is reported.
    pub fn update_process_stats(&self, pid: ProcessId, cpu_time: u64, memory_usage: u64) {
        let update = Update {
            cpu_time: Some(cpu_time),
            memory_usage: Some(memory_usage),
            ..Update::default()
        };
        // There is no result to return: an update of a process that is gone has no effect.
        self.server.update(pid, &update).ok();
    }

    /// Reap the zombies whose parent is init: how many that were.
    pub fn reap_zombies(&self) -> usize {
        self.server.reap().map_or(0, |count| count as usize)
    }

    /// The counters.
    ///
    /// # Panics
    ///
    /// The descriptor is not one of a server.
    pub fn get_statistics(&self) -> ProcessServerStats {
        let stats = self.server.stats().expect("a process server");
        ProcessServerStats {
            total_processes: stats.total_processes as usize,
            running: stats.running as usize,
            sleeping: stats.sleeping as usize,
            stopped: stats.stopped as usize,
            zombies: stats.zombies as usize,
            total_created: stats.total_created,
            total_exited: stats.total_exited,
            sessions: stats.sessions as usize,
            process_groups: stats.process_groups as usize,
        }
    }

    /// All pids, ascending.
    ///
    /// # Panics
    ///
    /// The descriptor is not one of a server.
    pub fn list_process_ids(&self) -> Vec<ProcessId> {
        self.server.pids().expect("a process server")
    }

    /// Record that a capability was revoked. It is counted in the process, and in the kernel's
    /// audit log.
    pub fn notify_capability_revoked(&self, pid: ProcessId, cap_id: u64) {
        // There is no result to return: nothing is noted of a process that is gone.
        self.server.revoke(Some(pid), cap_id).ok();
    }

    /// A session. VeridianOS's server has no such function.
    pub fn get_session(&self, sid: u32) -> Option<Session> {
        let session = self.server.session(sid).ok()?;
        Some(Session {
            sid,
            leader: session.leader,
            terminal: session.terminal,
            processes: self.server.pids_of_session(sid).ok()?,
        })
    }

    /// A process group. VeridianOS's server has no such function.
    pub fn get_process_group(&self, pgid: u32) -> Option<ProcessGroup> {
        let group = self.server.group(pgid).ok()?;
        Some(ProcessGroup {
            pgid,
            leader: group.leader,
            session_id: group.sid,
            processes: self.server.pids_of_group(pgid).ok()?,
        })
    }

    /// What is behind it, for all that VeridianOS's server does not have.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

impl Default for ProcessServer {
    fn default() -> ProcessServer {
        ProcessServer::new()
    }
}

/// Set once, and never freed.
static PROCESS_SERVER: AtomicPtr<ProcessServer> = AtomicPtr::new(ptr::null_mut());

/// Make the global server: a private one. If there is one already, nothing happens.
///
/// # Panics
///
/// As [`ProcessServer::new`].
pub fn init() {
    if try_get_process_server().is_none() {
        init_with(ProcessServer::new());
    }
}

/// Make a server the global one, for example that of the device. If there is one already, it
/// stays, and `server` is dropped. VeridianOS's server has no such function.
pub fn init_with(server: ProcessServer) {
    let new = Box::into_raw(Box::new(server));
    let null = ptr::null_mut();
    if PROCESS_SERVER.compare_exchange(null, new, Ordering::AcqRel, Ordering::Acquire).is_err() {
        // It is still this function's alone.
        drop(unsafe { Box::from_raw(new) });
    }
}

/// The global server, once there is one.
pub fn try_get_process_server() -> Option<&'static ProcessServer> {
    // What is not null was set by init_with(), and is never freed or changed.
    unsafe { PROCESS_SERVER.load(Ordering::Acquire).as_ref() }
}

/// The global server.
///
/// # Panics
///
/// There is none yet: neither [`init`] nor [`init_with`] was called.
pub fn get_process_server() -> &'static ProcessServer {
    try_get_process_server().expect("there is no process server before init()")
}
