// SPDX-License-Identifier: GPL-2.0-only
//! The process server behind `/dev/procsrv`, from Rust.
//!
//! ```no_run
//! use procsrv::{Child, NewProcess, Pid, Server, Until};
//!
//! fn main() -> std::io::Result<()> {
//!     let server = Server::private()?;
//!     let shell = server.create(Pid::INIT, &NewProcess::named("shell"))?;
//!     server.terminate(shell, 7, 0)?;
//!     let report = server.wait(Pid::INIT, Child::Pid(shell), Until::Forever)?;
//!     println!("{report}");
//!     Ok(())
//! }
//! ```
//!
//! The crate makes the ioctls itself, through the C library that `std` is linked with. So it
//! builds without any other library, also for another machine, and a program has none to find
//! when it starts. What it goes without are the sentences of libprocsrv that say why an
//! operation was refused: errors are [`std::io::Error`], with the errno that
//! `include/uapi/linux/procsrv.h` describes for each operation.
//!
//! No call fails because of a signal: it goes on, a wait with the time that was left.
//!
//! What each operation does is in `docs/semantics.md`. The module [`veridian`] has the names
//! and types of VeridianOS's own process server.

#![warn(missing_docs)]

#[allow(missing_docs)]
pub mod abi;
mod events;
mod server;
mod strings;
mod types;
pub mod veridian;

pub use events::{Event, EventKind, Events, Handle};
pub use server::{Child, NewProcess, Server, Target, Until};
pub use types::{
    Change, Details, Exit, Group, Info, Limits, Pid, Priority, Report, Session, State, Stats,
    Taken, Update,
};
