// SPDX-License-Identifier: GPL-2.0-only
//! Events of a server, and handles of processes: what is read.

use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::mem::{size_of, size_of_val};
use std::os::unix::io::{AsRawFd, RawFd};

use crate::abi;
use crate::types::{Exit, Pid};

const PAGE: usize = 64;

/// The kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EventKind {
    /// Stands for events that were dropped, because they were not read in time.
    Lost,
    Create,
    Exec,
    Exit,
    Reap,
    Signal,
    State,
    Parent,
    Session,
    Group,
    Limit,
    Capability,
    Update,
    Terminal,
}

impl EventKind {
    const ALL: [EventKind; abi::NR_EVENTS as usize] = [
        EventKind::Lost,
        EventKind::Create,
        EventKind::Exec,
        EventKind::Exit,
        EventKind::Reap,
        EventKind::Signal,
        EventKind::State,
        EventKind::Parent,
        EventKind::Session,
        EventKind::Group,
        EventKind::Limit,
        EventKind::Capability,
        EventKind::Update,
        EventKind::Terminal,
    ];

    /// The mask of some kinds.
    pub(crate) fn mask(kinds: &[EventKind]) -> u32 {
        kinds.iter().fold(0, |mask, &kind| mask | (1 << kind as u32))
    }
}

/// One change in a server. What `other`, `value`, `code` and `detail` are depends on the kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Event {
    pub seq: u64,
    pub time: u64,
    pub pid: Pid,
    pub other: u64,
    pub value: u64,
    pub kind: EventKind,
    pub sid: u32,
    pub pgid: u32,
    pub signal: u32,
    pub code: i32,
    pub detail: u32,
}

impl From<&abi::Event> for Event {
    fn from(event: &abi::Event) -> Event {
        Event {
            seq: event.seq,
            time: event.time,
            pid: Pid(event.pid),
            other: event.other,
            value: event.value,
            // A subscription has no other kinds than these.
            kind: EventKind::ALL[event.kind as usize],
            sid: event.sid,
            pgid: event.pgid,
            signal: event.signo,
            code: event.code,
            detail: event.detail,
        }
    }
}

/// Reads records, at least one: how many.
fn read_records<T: abi::Plain>(mut file: &File, records: &mut [T]) -> Result<usize> {
    let size = size_of_val(records);
    // Any bytes are such records.
    let bytes = unsafe { std::slice::from_raw_parts_mut(records.as_mut_ptr().cast(), size) };
    loop {
        match file.read(bytes) {
            Ok(n) => return Ok(n / size_of::<T>()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The events that happen from now on; see [`Server::events`](crate::Server::events).
///
/// It sleeps until there is an event, and ends only after the last event of a private server
/// that has ended. Its descriptor polls readable when there is an event that has not been read.
#[derive(Debug)]
pub struct Events {
    file: File,
    page: [abi::Event; PAGE],
    next: usize,
    filled: usize,
}

impl Events {
    pub(crate) fn new(file: File) -> Events {
        Events { file, page: [abi::Event::default(); PAGE], next: 0, filled: 0 }
    }
}

impl Iterator for Events {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        if self.next == self.filled {
            self.filled = match read_records(&self.file, &mut self.page) {
                Ok(0) => return None,
                Ok(count) => count,
                Err(error) => return Some(Err(error)),
            };
            self.next = 0;
        }
        let event = Event::from(&self.page[self.next]);
        self.next += 1;
        Some(Ok(event))
    }
}

impl AsRawFd for Events {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

/// A handle of a process; see [`Server::open_process`](crate::Server::open_process).
///
/// Reading it consumes nothing, and works after the process was reaped. Its descriptor polls
/// readable when the process has exited.
#[derive(Debug)]
pub struct Handle {
    file: File,
}

impl Handle {
    pub(crate) fn new(file: File) -> Handle {
        Handle { file }
    }

    /// Sleeps until the process has exited.
    pub fn wait(&self) -> Result<Exit> {
        let mut record = [abi::ExitRecord::default()];
        read_records(&self.file, &mut record)?;
        Ok(Exit::from(record[0]))
    }
}

impl AsRawFd for Handle {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}
