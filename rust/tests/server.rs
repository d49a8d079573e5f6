// SPDX-License-Identifier: GPL-2.0-only
//! The safe interface, each test in a private server.

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use procsrv::{
    abi, Change, Child, EventKind, Limits, NewProcess, Pid, Priority, Server, State, Target, Until,
    Update,
};

const ESRCH: i32 = 3;
const ECHILD: i32 = 10;
const EOPNOTSUPP: i32 = 95;
const ESHUTDOWN: i32 = 108;

fn private() -> Server {
    Server::private().unwrap()
}

fn create(server: &Server, parent: Pid, name: &str) -> Pid {
    server.create(parent, &NewProcess::named(name)).unwrap()
}

#[test]
fn the_device() {
    let device = Server::open().unwrap();
    assert_eq!(device.info(Pid::INIT).unwrap().name, "init");
    assert_eq!(device.further().unwrap_err().raw_os_error(), Some(EOPNOTSUPP));
    assert_eq!(Server::open_at("/nonexistent").unwrap_err().kind(), ErrorKind::NotFound);
    assert!(Server::open_at("/dev/null").is_err());
}

#[test]
fn a_process_and_its_strings() {
    let server = private();
    let new = NewProcess {
        name: "shell".to_string(),
        argv: vec!["sh".to_string(), "".to_string()],
        envp: vec!["A=é".to_string()],
        pid: Some(Pid(4711)),
        ..NewProcess::default()
    };
    let pid = server.create(Pid::INIT, &new).unwrap();
    assert_eq!(pid, Pid(4711));
    let update = Update {
        cwd: Some("/tmp"),
        priority: Some(Priority::High),
        memory_usage: Some(4096),
        sleeping: Some(true),
        ..Update::default()
    };
    server.update(pid, &update).unwrap();
    let details = server.details(pid).unwrap();
    assert_eq!((details.argv, details.envp), (new.argv, new.envp));
    assert_eq!((details.cwd.as_str(), details.terminal), ("/tmp", None));
    assert_eq!(details.info.state, State::Sleeping);
    assert_eq!(details.info.priority, Priority::High);
    assert_eq!(details.info.memory_usage, 4096);
    server.exec(pid, "ls", &["ls".to_string()], &[]).unwrap();
    assert_ne!(server.info(pid).unwrap().flags & abi::INFO_EXECED, 0);
    assert!(server.details(pid).unwrap().envp.is_empty());
    let bad = NewProcess::named("a\0b");
    assert_eq!(server.create(Pid::INIT, &bad).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn waits() {
    let server = private();
    let pid = create(&server, Pid::INIT, "child");
    let wait = |until| server.wait(Pid::INIT, Child::Pid(pid), until);
    assert_eq!(wait(Until::Now).unwrap_err().kind(), ErrorKind::WouldBlock);
    let start = Instant::now();
    let time = Duration::from_millis(200);
    assert_eq!(wait(Until::Timeout(time)).unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(start.elapsed() >= time);
    server.signal(Target::Pid(pid), 19, None).unwrap();
    let stops = Change::STOPPED | Change::CONTINUED;
    let report = server.wait_for(Pid::INIT, Child::Any, stops, Until::Now).unwrap();
    assert_eq!(report.to_string(), format!("{pid} stopped by signal 19"));
    server.terminate(pid, -7, 0).unwrap();
    assert_eq!(wait(Until::Forever).unwrap().to_string(), format!("{pid} exited with code -7"));
    assert_eq!(server.info(pid).unwrap_err().raw_os_error(), Some(ESRCH));
}

#[test]
fn a_wait_sleeps_until_the_child_ends() {
    let server = private();
    let pid = create(&server, Pid::INIT, "child");
    let report = thread::scope(|scope| {
        let waiter = scope.spawn(|| server.wait(Pid::INIT, Child::Any, Until::Forever));
        while server.info(Pid::INIT).unwrap().state != State::Waiting {
            thread::yield_now();
        }
        server.signal(Target::Tree(pid), 9, None).unwrap();
        waiter.join().unwrap().unwrap()
    });
    assert_eq!(report.to_string(), format!("{pid} killed by signal 9"));
}

#[test]
fn signals_are_taken() {
    let server = private();
    let (sender, pid) = (create(&server, Pid::INIT, "a"), create(&server, Pid::INIT, "b"));
    server.signal(Target::Pid(pid), 10, Some(sender)).unwrap();
    server.signal(Target::Pid(pid), 10, None).unwrap();
    let taken = server.take_signal(pid, 1 << 9, Until::Forever).unwrap();
    assert_eq!((taken.signal, taken.sender, taken.count), (10, Some(sender), 2));
    let nothing = server.take_signal(pid, u64::MAX, Until::Now).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    assert_eq!(server.signal(Target::All, 9, Some(sender)).unwrap(), 1);
}

#[test]
fn sessions_and_groups() {
    let server = private();
    let shell = create(&server, Pid::INIT, "shell");
    let (sid, _) = server.create_session(shell).unwrap();
    server.set_terminal(sid, Some("tty7")).unwrap();
    let session = server.session(sid).unwrap();
    assert_eq!((session.leader, session.terminal.as_deref()), (shell, Some("tty7")));
    let (a, b) = (create(&server, shell, "a"), create(&server, shell, "b"));
    let pgid = server.create_group(Some(shell), a, sid).unwrap();
    server.set_group(None, b, pgid).unwrap();
    assert_eq!(server.group(pgid).unwrap().nr_processes, 2);
    server.set_foreground(sid, pgid).unwrap();
    assert_eq!(server.session(sid).unwrap().foreground, pgid);
    server.set_foreground(sid, 0).unwrap();
    assert_eq!(server.pids_of_group(pgid).unwrap(), [a, b]);
    assert_eq!(server.pids_of_session(sid).unwrap(), [shell, a, b]);
    assert_eq!(server.hang_up(sid).unwrap(), 3);
    server.set_terminal(sid, None).unwrap();
    assert_eq!(server.session(sid).unwrap().terminal, None);
    assert_eq!(server.signal(Target::Group(pgid), 9, None).unwrap(), 2);
    assert_eq!(server.signal(Target::Session(sid), 0, None).unwrap(), 3);
    let posix = Server::private_with_posix_ids().unwrap();
    let shell = create(&posix, Pid::INIT, "shell");
    assert_eq!(u64::from(posix.create_session(shell).unwrap().0), shell.0);
}

#[test]
fn lists_counters_limits() {
    let server = private();
    let pids: Vec<Pid> = (0..127).map(|_| create(&server, Pid::INIT, "child")).collect();
    assert_eq!(server.pids().unwrap()[1..], pids);
    assert_eq!(server.processes().unwrap().len(), 128);
    assert_eq!(server.limits(pids[0]).unwrap(), Limits::default());
    let limits = Limits { max_memory: 1, enforce: true, nice: -5, ..Limits::default() };
    server.set_limits(pids[0], &limits).unwrap();
    assert_eq!(server.limits(pids[0]).unwrap(), limits);
    server.update(pids[0], &Update { memory_usage: Some(2), ..Update::default() }).unwrap();
    assert_eq!(server.info(pids[0]).unwrap().limits_passed, abi::LIMIT_MEMORY);
    assert_eq!(server.stats().unwrap().zombies, 1);
    assert_eq!(server.reap().unwrap(), 1);
    assert!(server.time().unwrap() <= server.time().unwrap());
    server.revoke(None, 7).unwrap();
    assert_eq!(server.info(pids[1]).unwrap().revocations, 1);
}

#[test]
fn reapers_and_autoreap() {
    let server = private();
    let top = create(&server, Pid::INIT, "top");
    let middle = create(&server, top, "middle");
    let leaf = create(&server, middle, "leaf");
    server.set_reaper(top, true).unwrap();
    server.set_autoreap(top, true).unwrap();
    server.terminate(middle, 0, 0).unwrap();
    assert_eq!(server.info(leaf).unwrap().ppid, top);
    assert_eq!(server.info(middle).unwrap_err().raw_os_error(), Some(ESRCH));
}

#[test]
fn hosted_processes() {
    let server = private();
    let new = NewProcess { hosted: true, ..NewProcess::named("guest") };
    let pid = server.create(Pid::INIT, &new).unwrap();
    let fork = server.fork(pid).unwrap();
    assert_eq!(server.info(fork).unwrap().name, "guest");
    server.signal(Target::Pid(pid), 19, None).unwrap();
    let taken = server.take_signal(Pid(0), u64::MAX, Until::Forever).unwrap();
    assert_eq!((taken.pid, taken.signal), (pid, 19));
    server.report(pid, abi::BODY_STOPPED, 20).unwrap();
    let stop = server.wait_for(Pid::INIT, Child::Pid(pid), Change::STOPPED, Until::Now).unwrap();
    assert_eq!(stop.exit_signal, 20);
    let mut credentials = server.credentials(pid).unwrap();
    credentials.flags = abi::CREDENTIALS_KILL;
    server.set_credentials(pid, credentials).unwrap();
    assert_eq!(server.credentials(pid).unwrap().flags, abi::CREDENTIALS_KILL);
}

#[test]
fn clone_children() {
    let server = private();
    let new = NewProcess { exit_signal: Some(0), ..NewProcess::named("clone") };
    let pid = server.create(Pid::INIT, &new).unwrap();
    server.terminate(pid, 3, 0).unwrap();
    let wait =
        |flags| server.wait_with(Pid::INIT, Child::Pid(pid), Change::EXITED, Until::Now, flags);
    assert_eq!(wait(0).unwrap_err().raw_os_error(), Some(ECHILD));
    assert_eq!(wait(abi::WAIT_WCLONE | abi::WAIT_NOWAIT).unwrap().exit_code, 3);
    assert_eq!(wait(abi::WAIT_WALL).unwrap().pid, pid);
}

#[test]
fn events_and_handles() {
    let server = private();
    let mut all = server.events(&[]).unwrap();
    let mut exits = server.events(&[EventKind::Exit]).unwrap();
    let pid = create(&server, Pid::INIT, "child");
    let handle = server.open_process(pid).unwrap();
    server.terminate(pid, 5, 0).unwrap();
    let created = all.next().unwrap().unwrap();
    assert_eq!((created.kind, created.pid, created.other), (EventKind::Create, pid, 1));
    let exit = exits.next().unwrap().unwrap();
    assert_eq!((exit.kind, exit.pid, exit.code), (EventKind::Exit, pid, 5));
    assert_eq!(handle.wait().unwrap().exit_code, 5);
    server.wait(Pid::INIT, Child::Pid(pid), Until::Now).unwrap();
    assert!(handle.wait().unwrap().reaped);
}

#[test]
fn what_is_tied_ends_with_its_object() {
    let server = private();
    let further = server.further().unwrap();
    let new = NewProcess { tied: true, ..NewProcess::named("tied") };
    let pid = further.create(Pid::INIT, &new).unwrap();
    drop(further);
    assert_eq!(server.info(pid).unwrap().state, State::Zombie);
    let last = server.further().unwrap();
    let events = server.events(&[EventKind::Exit]).unwrap();
    let other = create(&server, Pid::INIT, "other");
    drop(server);
    let ends: Vec<_> = events.map(|event| event.unwrap().pid).collect();
    assert_eq!(ends, [other]);
    let late = last.create(Pid::INIT, &NewProcess::named("late")).unwrap_err();
    assert_eq!(late.raw_os_error(), Some(ESHUTDOWN));
}
