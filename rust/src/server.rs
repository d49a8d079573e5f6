// SPDX-License-Identifier: GPL-2.0-only
//! A server: that of the device, or a private one.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::mem::{size_of, size_of_val};
use std::os::raw::{c_int, c_ulong};
use std::os::unix::io::{AsRawFd, FromRawFd, RawFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::abi::{self, Plain};
use crate::events::{EventKind, Events, Handle};
use crate::strings::{pack, terminated, text, unpack};
use crate::types::{
    Change, Details, Group, Info, Limits, Pid, Report, Session, Stats, Taken, Update,
};

extern "C" {
    fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    fn geteuid() -> u32;
    fn getegid() -> u32;
}

const PAGE: usize = 64;

/// The server of the device, or, with [`Server::private`], one of one's own.
///
/// A private server ends when it is dropped: all of its processes are killed. All methods may
/// be called by several threads at once.
#[derive(Debug)]
pub struct Server {
    file: File,
    path: PathBuf,
    private: bool,
}

/// Which children a wait is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// Any.
    Any,
    /// The one with this pid.
    Pid(Pid),
    /// Any in this process group.
    Group(u32),
}

/// How long a wait may sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Not at all: [`ErrorKind::WouldBlock`] if there is nothing to report yet.
    Now,
    /// For so long: [`ErrorKind::TimedOut`] after that.
    Timeout(Duration),
    /// As long as it takes.
    Forever,
}

impl Until {
    /// The flags, and the timeout in nanoseconds.
    fn flags(self, nohang: u32, timeout: u32) -> (u32, u64) {
        match self {
            Until::Now => (nohang, 0),
            Until::Timeout(time) => (timeout, time.as_nanos().try_into().unwrap_or(u64::MAX)),
            Until::Forever => (0, 0),
        }
    }
}

/// Which processes a signal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A process.
    Pid(Pid),
    /// A process and all below it.
    Tree(Pid),
    /// A process group.
    Group(u32),
    /// A session.
    Session(u32),
    /// All but init and the sender.
    All,
}

/// A process that is to be created: of the caller's user, with no command line, unless the
/// fields say something else.
#[derive(Clone, Debug, Default)]
pub struct NewProcess {
    /// Its name.
    pub name: String,
    /// Its command line.
    pub argv: Vec<String>,
    /// Its environment.
    pub envp: Vec<String>,
    /// Its user, unless it is that of the caller.
    pub uid: Option<u32>,
    /// Its group id, unless it is that of the caller.
    pub gid: Option<u32>,
    /// Its pid, in a private server.
    pub pid: Option<Pid>,
    /// Whether it is killed when the [`Server`] is dropped.
    pub tied: bool,
    /// Whether it is a hosted process: the caller executes its body, and reports.
    pub hosted: bool,
    /// Its exit signal, unless it is SIGCHLD; 0 for none.
    pub exit_signal: Option<u32>,
}

impl NewProcess {
    /// One with a name.
    pub fn named(name: &str) -> NewProcess {
        NewProcess { name: name.to_string(), ..NewProcess::default() }
    }
}

/// For a field that points to something, which has to live as long.
fn address<T: ?Sized>(data: &T) -> u64 {
    (data as *const T).cast::<u8>() as usize as u64
}

/// The same, for what is written to.
fn address_mut<T: ?Sized>(data: &mut T) -> u64 {
    (data as *mut T).cast::<u8>() as usize as u64
}

/// What is longer than the server can be told is longer than it takes.
fn length(bytes: &[u8]) -> u32 {
    bytes.len().try_into().unwrap_or(u32::MAX)
}

/// The bits of what is named.
fn mask(bits: &[(u32, bool)]) -> u32 {
    bits.iter().filter(|(_, on)| *on).fold(0, |mask, (bit, _)| mask | bit)
}

impl Server {
    /// The server of the device: `$PROCSRV_DEVICE`, or `/dev/procsrv`.
    pub fn open() -> Result<Server> {
        let path = std::env::var_os("PROCSRV_DEVICE").filter(|path| !path.is_empty());
        Server::open_at(path.unwrap_or_else(|| "/dev/procsrv".into()))
    }

    /// The server of a device; an error if it is something else.
    pub fn open_at<P: AsRef<Path>>(path: P) -> Result<Server> {
        let path = path.as_ref().to_path_buf();
        let file = OpenOptions::new().read(true).write(true).open(&path)?;
        let server = Server { file, path, private: false };
        server.time()?;
        Ok(server)
    }

    /// A private server.
    pub fn private() -> Result<Server> {
        Server::open()?.new_server(0)
    }

    /// A private server in which ids of sessions and groups are pids.
    pub fn private_with_posix_ids() -> Result<Server> {
        Server::open()?.new_server(abi::SERVER_POSIX_IDS)
    }

    /// A further descriptor of a private server, with tied processes of its own.
    pub fn further(&self) -> Result<Server> {
        self.new_server(abi::SERVER_SAME)
    }

    fn new_server(&self, flags: u32) -> Result<Server> {
        let mut args = abi::NewServerArgs { flags, ..Default::default() };
        self.call(abi::IOC_NEW_SERVER, &mut args)?;
        // The descriptor is new, and of this object alone.
        let file = unsafe { File::from_raw_fd(args.fd) };
        Ok(Server { file, path: self.path.clone(), private: true })
    }

    /// Makes an operation. After a signal it goes on, with what the server left in `args`.
    fn call<T: Plain>(&self, request: u32, args: &mut T) -> Result<()> {
        loop {
            // The size in the request is that of `args`, so the server writes to nothing
            // else, but to what its fields point to: that is what each caller has to see to.
            debug_assert_eq!((request as usize >> 16) & 0x3fff, size_of::<T>());
            let ret = unsafe { ioctl(self.file.as_raw_fd(), request.into(), args as *mut T) };
            if ret >= 0 {
                return Ok(());
            }
            let error = Error::last_os_error();
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }

    /// Create a child of a process.
    pub fn create(&self, parent: Pid, new: &NewProcess) -> Result<Pid> {
        let (name, argv, envp) = (terminated(&new.name)?, pack(&new.argv)?, pack(&new.envp)?);
        let flags = [
            (abi::CREATE_TIED, new.tied),
            (abi::CREATE_HOSTED, new.hosted),
            (abi::CREATE_PID, new.pid.is_some()),
            (abi::CREATE_EXIT_SIGNAL, new.exit_signal.is_some()),
        ];
        let mut args = abi::CreateArgs {
            parent: parent.0,
            name: address(name.as_bytes_with_nul()),
            argv: address(&argv[..]),
            envp: address(&envp[..]),
            argv_len: length(&argv),
            envp_len: length(&envp),
            uid: new.uid.unwrap_or_else(|| unsafe { geteuid() }),
            gid: new.gid.unwrap_or_else(|| unsafe { getegid() }),
            flags: mask(&flags),
            notify: new.exit_signal.unwrap_or(0),
            pid: new.pid.map_or(0, |pid| pid.0),
        };
        self.call(abi::IOC_CREATE, &mut args)?;
        Ok(Pid(args.pid))
    }

    /// Create a child that is like its parent, as by fork(2).
    pub fn fork(&self, parent: Pid) -> Result<Pid> {
        let flags = abi::CREATE_INHERIT;
        let mut args = abi::CreateArgs { parent: parent.0, flags, ..Default::default() };
        self.call(abi::IOC_CREATE, &mut args)?;
        Ok(Pid(args.pid))
    }

    /// Replace name, command line and environment of a process.
    pub fn exec(&self, pid: Pid, name: &str, argv: &[String], envp: &[String]) -> Result<()> {
        let (name, argv, envp) = (terminated(name)?, pack(argv)?, pack(envp)?);
        let mut args = abi::ExecArgs {
            pid: pid.0,
            name: address(name.as_bytes_with_nul()),
            argv: address(&argv[..]),
            envp: address(&envp[..]),
            argv_len: length(&argv),
            envp_len: length(&envp),
            ..Default::default()
        };
        self.call(abi::IOC_EXEC, &mut args)
    }

    /// End a process, with an exit code, and the signal that ended it or 0.
    pub fn terminate(&self, pid: Pid, exit_code: i32, exit_signal: u32) -> Result<()> {
        let mut args = abi::TerminateArgs { pid: pid.0, exit_code, exit_signal };
        self.call(abi::IOC_TERMINATE, &mut args)
    }

    /// Wait for the exit of a child, which reaps it.
    pub fn wait(&self, parent: Pid, child: Child, until: Until) -> Result<Report> {
        self.wait_for(parent, child, Change::EXITED, until)
    }

    /// Wait for a change of a child. A stop or a continuation is reported once.
    pub fn wait_for(
        &self,
        parent: Pid,
        child: Child,
        what: Change,
        until: Until,
    ) -> Result<Report> {
        self.wait_with(parent, child, what, until, 0)
    }

    /// The same with further flags: `abi::WAIT_NOWAIT`, `abi::WAIT_WCLONE` and
    /// `abi::WAIT_WALL`.
    pub fn wait_with(
        &self,
        parent: Pid,
        child: Child,
        what: Change,
        until: Until,
        further: u32,
    ) -> Result<Report> {
        let (which, id) = match child {
            Child::Any => (abi::WAIT_ANY, 0),
            Child::Pid(pid) => (abi::WAIT_PID, pid.0),
            Child::Group(pgid) => (abi::WAIT_PGID, pgid.into()),
        };
        let (flags, timeout) = until.flags(abi::WAIT_NOHANG, abi::WAIT_TIMEOUT);
        let mut args = abi::WaitArgs {
            parent: parent.0,
            id,
            which,
            what: what.0,
            flags: flags | further,
            timeout,
            ..Default::default()
        };
        self.call(abi::IOC_WAIT, &mut args)?;
        Ok(Report::from(args))
    }

    /// Send a signal, on behalf of a process or from outside: how many it has reached.
    pub fn signal(&self, target: Target, signal: i32, sender: Option<Pid>) -> Result<u32> {
        let (target, id) = match target {
            Target::Pid(pid) => (abi::TARGET_PID, pid.0),
            Target::Tree(pid) => (abi::TARGET_TREE, pid.0),
            Target::Group(pgid) => (abi::TARGET_PGID, pgid.into()),
            Target::Session(sid) => (abi::TARGET_SID, sid.into()),
            Target::All => (abi::TARGET_ALL, 0),
        };
        let mut args = abi::SignalArgs {
            sender: sender.map_or(0, |pid| pid.0),
            id,
            target,
            signo: signal,
            ..Default::default()
        };
        self.call(abi::IOC_SIGNAL, &mut args)?;
        Ok(args.count)
    }

    /// Take the lowest pending signal that is in a mask: bit N - 1 for signal N. With pid 0, and
    /// all bits, from any process that is hosted on this object.
    pub fn take_signal(&self, pid: Pid, mask: u64, until: Until) -> Result<Taken> {
        let (flags, timeout) = until.flags(abi::TAKE_NOHANG, abi::TAKE_TIMEOUT);
        let mut args =
            abi::TakeSignalArgs { pid: pid.0, mask, timeout, flags, ..Default::default() };
        self.call(abi::IOC_TAKE_SIGNAL, &mut args)?;
        Ok(Taken {
            pid: Pid(args.target),
            signal: args.signo,
            sender: Some(Pid(args.sender)).filter(|pid| pid.0 != 0),
            count: args.count,
        })
    }

    /// A process, without its strings.
    pub fn info(&self, pid: Pid) -> Result<Info> {
        let mut info = abi::Info::default();
        let mut args = abi::InfoArgs {
            pid: pid.0,
            info: address_mut(&mut info),
            info_size: size_of_val(&info) as u32,
            ..Default::default()
        };
        self.call(abi::IOC_INFO, &mut args)?;
        Ok(Info::from(&info))
    }

    /// A process with its strings, all of one moment.
    pub fn details(&self, pid: Pid) -> Result<Details> {
        let mut buffers: [Vec<u8>; 4] = Default::default();
        loop {
            let mut info = abi::Info::default();
            let [argv, envp, cwd, terminal] = &mut buffers;
            let mut args = abi::InfoArgs {
                pid: pid.0,
                info: address_mut(&mut info),
                info_size: size_of_val(&info) as u32,
                argv: address_mut(&mut argv[..]),
                argv_size: length(argv),
                envp: address_mut(&mut envp[..]),
                envp_size: length(envp),
                cwd: address_mut(&mut cwd[..]),
                cwd_size: length(cwd),
                terminal: address_mut(&mut terminal[..]),
                terminal_size: length(terminal),
                ..Default::default()
            };
            self.call(abi::IOC_INFO, &mut args)?;
            let full = [args.argv_size, args.envp_size, args.cwd_size, args.terminal_size];
            let fits = buffers.iter().zip(full).all(|(buffer, size)| length(buffer) >= size);
            for (buffer, size) in buffers.iter_mut().zip(full) {
                buffer.resize(size as usize, 0);
            }
            if fits {
                let [argv, envp, cwd, terminal] = &buffers;
                return Ok(Details {
                    info: Info::from(&info),
                    argv: unpack(argv),
                    envp: unpack(envp),
                    cwd: text(cwd),
                    terminal: Some(text(terminal)).filter(|name| !name.is_empty()),
                });
            }
        }
    }

    /// Report what a process does and uses.
    pub fn update(&self, pid: Pid, update: &Update) -> Result<()> {
        let cwd = update.cwd.map(terminated).transpose()?;
        let state = |sleeping| if sleeping { abi::SLEEPING } else { abi::RUNNING };
        let named = [
            (abi::UPDATE_CPU_TIME, update.cpu_time.is_some()),
            (abi::UPDATE_MEMORY, update.memory_usage.is_some()),
            (abi::UPDATE_THREADS, update.thread_count.is_some()),
            (abi::UPDATE_STATE, update.sleeping.is_some()),
            (abi::UPDATE_PRIORITY, update.priority.is_some()),
            (abi::UPDATE_CWD, cwd.is_some()),
        ];
        let mut args = abi::UpdateArgs {
            pid: pid.0,
            cpu_time: update.cpu_time.unwrap_or(0),
            memory_usage: update.memory_usage.unwrap_or(0),
            cwd: cwd.as_deref().map_or(0, |cwd| address(cwd.to_bytes_with_nul())),
            mask: mask(&named),
            thread_count: update.thread_count.unwrap_or(0),
            state: update.sleeping.map_or(0, state),
            priority: update.priority.map_or(0, |priority| priority.number()),
        };
        self.call(abi::IOC_UPDATE, &mut args)
    }

    /// The resource limits of a process.
    pub fn limits(&self, pid: Pid) -> Result<Limits> {
        let mut args = abi::LimitsArgs { pid: pid.0, ..Default::default() };
        self.call(abi::IOC_GET_LIMITS, &mut args)?;
        Ok(Limits::from(args.limits))
    }

    /// Set all resource limits of a process.
    pub fn set_limits(&self, pid: Pid, limits: &Limits) -> Result<()> {
        let mut args = abi::LimitsArgs { pid: pid.0, limits: limits.into() };
        self.call(abi::IOC_SET_LIMITS, &mut args)
    }

    /// Whether the orphans below a process go to it.
    pub fn set_reaper(&self, pid: Pid, on: bool) -> Result<()> {
        let mut args = abi::SetReaperArgs { pid: pid.0, on: on.into(), flags: 0 };
        self.call(abi::IOC_SET_REAPER, &mut args)
    }

    /// Whether the children of a process leave no zombies.
    pub fn set_autoreap(&self, pid: Pid, on: bool) -> Result<()> {
        let mut args = abi::SetAutoreapArgs { pid: pid.0, on: on.into(), flags: 0 };
        self.call(abi::IOC_SET_AUTOREAP, &mut args)
    }

    /// Reap the zombies whose parent is init: how many that were.
    pub fn reap(&self) -> Result<u64> {
        let mut args = abi::ReapArgs::default();
        self.call(abi::IOC_REAP, &mut args)?;
        Ok(args.count)
    }

    /// Record that a capability was revoked, for one process or for all.
    pub fn revoke(&self, pid: Option<Pid>, capability: u64) -> Result<()> {
        let pid = pid.map_or(0, |pid| pid.0);
        let mut args = abi::RevokeArgs { pid, capability, ..Default::default() };
        self.call(abi::IOC_REVOKE, &mut args)
    }

    /// All processes, ascending by pid.
    pub fn processes(&self) -> Result<Vec<Info>> {
        let mut list = Vec::new();
        self.list::<abi::Info>(abi::IOC_LIST, abi::LIST_ALL, 0, |info| list.push(info.into()))?;
        Ok(list)
    }

    /// All pids, ascending.
    pub fn pids(&self) -> Result<Vec<Pid>> {
        self.list_pids(abi::LIST_ALL, 0)
    }

    /// The pids of a session, ascending.
    pub fn pids_of_session(&self, sid: u32) -> Result<Vec<Pid>> {
        self.list_pids(abi::LIST_SID, sid)
    }

    /// The pids of a process group, ascending.
    pub fn pids_of_group(&self, pgid: u32) -> Result<Vec<Pid>> {
        self.list_pids(abi::LIST_PGID, pgid)
    }

    fn list_pids(&self, scope: u32, id: u32) -> Result<Vec<Pid>> {
        let mut list = Vec::new();
        self.list::<u64>(abi::IOC_LIST_PIDS, scope, id, |&pid| list.push(Pid(pid)))?;
        Ok(list)
    }

    fn list<T: Copy + Default>(
        &self,
        request: u32,
        scope: u32,
        id: u32,
        mut each: impl FnMut(&T),
    ) -> Result<()> {
        let mut page = [T::default(); PAGE];
        let mut args = abi::ListArgs {
            buf: address_mut(&mut page),
            record_size: size_of::<T>() as u32,
            count: PAGE as u32,
            scope,
            id,
            ..Default::default()
        };
        while args.count as usize == PAGE {
            self.call(request, &mut args)?;
            page[..args.count as usize].iter().for_each(&mut each);
        }
        Ok(())
    }

    /// The counters.
    pub fn stats(&self) -> Result<Stats> {
        let mut stats = abi::Stats::default();
        self.call(abi::IOC_STATS, &mut stats)?;
        Ok(stats)
    }

    /// The server's clock, in microseconds.
    pub fn time(&self) -> Result<u64> {
        let mut args = abi::TimeArgs::default();
        self.call(abi::IOC_TIME, &mut args)?;
        Ok(args.time)
    }

    /// Begin a session: its sid, and the pgid of the group in it.
    pub fn create_session(&self, leader: Pid) -> Result<(u32, u32)> {
        let mut args = abi::CreateSessionArgs { leader: leader.0, ..Default::default() };
        self.call(abi::IOC_CREATE_SESSION, &mut args)?;
        Ok((args.sid, args.pgid))
    }

    /// A session.
    pub fn session(&self, sid: u32) -> Result<Session> {
        let mut terminal = [0u8; abi::NAME_MAX as usize + 1];
        let mut args = abi::SessionArgs {
            sid,
            terminal: address_mut(&mut terminal),
            terminal_size: length(&terminal),
            ..Default::default()
        };
        self.call(abi::IOC_SESSION, &mut args)?;
        Ok(Session {
            leader: Pid(args.leader),
            terminal: Some(text(&terminal)).filter(|name| !name.is_empty()),
            nr_processes: args.nr_processes,
            nr_groups: args.nr_groups,
            foreground: args.foreground,
        })
    }

    /// Give a session a terminal, or take it.
    pub fn set_terminal(&self, sid: u32, name: Option<&str>) -> Result<()> {
        let name = name.map(terminated).transpose()?;
        let mut args = abi::SetTerminalArgs {
            sid,
            name: name.as_deref().map_or(0, |name| address(name.to_bytes_with_nul())),
            ..Default::default()
        };
        self.call(abi::IOC_SET_TERMINAL, &mut args)
    }

    /// Set the foreground group of the terminal of a session, or 0 for none.
    pub fn set_foreground(&self, sid: u32, pgid: u32) -> Result<()> {
        self.call(abi::IOC_SET_FOREGROUND, &mut abi::SetForegroundArgs { sid, pgid })
    }

    /// Hang up the terminal of a session: how many processes the signals have reached.
    pub fn hang_up(&self, sid: u32) -> Result<u32> {
        let mut args = abi::HangUpArgs { sid, ..Default::default() };
        self.call(abi::IOC_HANG_UP, &mut args)?;
        Ok(args.count)
    }

    /// Begin a process group in the session of its leader, on behalf of a process or not.
    pub fn create_group(&self, caller: Option<Pid>, leader: Pid, sid: u32) -> Result<u32> {
        let caller = caller.map_or(0, |pid| pid.0);
        let mut args = abi::CreateGroupArgs { caller, leader: leader.0, sid, ..Default::default() };
        self.call(abi::IOC_CREATE_GROUP, &mut args)?;
        Ok(args.pgid)
    }

    /// Move a process to a process group, on behalf of a process or not.
    pub fn set_group(&self, caller: Option<Pid>, pid: Pid, pgid: u32) -> Result<()> {
        let caller = caller.map_or(0, |pid| pid.0);
        let mut args = abi::SetGroupArgs { caller, pid: pid.0, pgid, flags: 0 };
        self.call(abi::IOC_SET_GROUP, &mut args)
    }

    /// A process group.
    pub fn group(&self, pgid: u32) -> Result<Group> {
        let mut args = abi::GroupArgs { pgid, ..Default::default() };
        self.call(abi::IOC_GROUP, &mut args)?;
        Ok(Group { leader: Pid(args.leader), sid: args.sid, nr_processes: args.nr_processes })
    }

    /// Report what the body of a hosted process does: `abi::BODY_*`, and the signal that has
    /// stopped it or 0.
    pub fn report(&self, pid: Pid, what: u32, signal: i32) -> Result<()> {
        let mut args = abi::ReportArgs { pid: pid.0, what, signo: signal };
        self.call(abi::IOC_REPORT, &mut args)
    }

    /// The credentials of a process; of one that is not hosted all ids of a kind are the same.
    pub fn credentials(&self, pid: Pid) -> Result<abi::Credentials> {
        let mut args = abi::CredentialsArgs { pid: pid.0, ..Default::default() };
        self.call(abi::IOC_GET_CREDENTIALS, &mut args)?;
        Ok(args.credentials)
    }

    /// Set the credentials of a hosted process.
    pub fn set_credentials(&self, pid: Pid, credentials: abi::Credentials) -> Result<()> {
        let mut args = abi::CredentialsArgs { pid: pid.0, credentials };
        self.call(abi::IOC_SET_CREDENTIALS, &mut args)
    }

    /// The events from now on, of some kinds, or of all if none is named.
    pub fn events(&self, kinds: &[EventKind]) -> Result<Events> {
        let reader = if self.private { self.further() } else { Server::open_at(&self.path) }?;
        let kinds = if kinds.is_empty() { abi::EVENTS_ALL } else { EventKind::mask(kinds) };
        let mut args = abi::SubscribeArgs { kinds, ..Default::default() };
        reader.call(abi::IOC_SUBSCRIBE, &mut args)?;
        Ok(Events::new(reader.file))
    }

    /// A handle of a process, which tells of its end.
    pub fn open_process(&self, pid: Pid) -> Result<Handle> {
        let mut args = abi::OpenProcessArgs { pid: pid.0, ..Default::default() };
        self.call(abi::IOC_OPEN_PROCESS, &mut args)?;
        // The descriptor is new, and of this object alone.
        Ok(Handle::new(unsafe { File::from_raw_fd(args.fd) }))
    }
}

impl AsRawFd for Server {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}
