// SPDX-License-Identifier: GPL-2.0-only
//! A program as it is written for VeridianOS's process server: only where its names come from
//! is different.

// use crate::{
//     error::KernelError,
//     process::{ProcessId, ProcessPriority},
//     services::process_server::{self, ProcessServer, ProcessState, ResourceLimits},
// };
use procsrv::veridian::{
    self as process_server, KernelError, ProcessId, ProcessPriority, ProcessServer, ProcessState,
    ResourceLimits,
};

const INIT: ProcessId = ProcessId(1);

fn create(server: &ProcessServer, parent: ProcessId, name: &str) -> ProcessId {
    // A caller creates processes of its own user, unless it is root.
    let info = server.get_process_info(INIT).unwrap();
    let line = vec![name.to_string(), "-v".to_string()];
    let environment = vec!["HOME=/".to_string()];
    server.create_process(parent, name.to_string(), info.uid, info.gid, line, environment).unwrap()
}

#[test]
fn the_global_server() {
    assert!(process_server::try_get_process_server().is_none());
    process_server::init();
    let server: &'static ProcessServer = process_server::get_process_server();
    let pid = create(server, INIT, "child");
    process_server::init();
    process_server::init_with(ProcessServer::new());
    let again = process_server::try_get_process_server().unwrap();
    assert_eq!(again.get_process_info(pid).unwrap().name, "child");
}

#[test]
fn a_new_process() {
    let server = ProcessServer::default();
    let shell = create(&server, INIT, "shell");
    assert_eq!(shell, ProcessId(2));
    let info = server.get_process_info(shell).unwrap();
    assert_eq!((info.pid, info.ppid, info.name.as_str()), (shell, INIT, "shell"));
    assert_eq!(info.state, ProcessState::Running);
    assert_eq!(info.priority, ProcessPriority::Normal);
    assert_eq!((info.cpu_time, info.memory_usage, info.thread_count), (0, 0, 1));
    assert_eq!((info.exit_code, info.session_id, info.terminal), (None, 0, None));
    assert_eq!(info.command_line, ["shell", "-v"]);
    assert_eq!(info.environment, ["HOME=/"]);
    assert_eq!(info.working_directory, "/");
    server.update_process_stats(shell, 17, 4096);
    let info = server.get_process_info(shell).unwrap();
    assert_eq!((info.cpu_time, info.memory_usage), (17, 4096));
    assert!(server.get_process_info(ProcessId(99)).is_none());
}

#[test]
fn a_parent_waits() {
    let server = ProcessServer::new();
    let shell = create(&server, INIT, "shell");
    let (a, b) = (create(&server, shell, "a"), create(&server, shell, "b"));
    assert!(matches!(server.wait_for_child(shell, None), Err(KernelError::NotFound { id: 2, .. })));
    server.terminate_process(b, 3).unwrap();
    assert_eq!(server.get_process_info(b).unwrap().exit_code, Some(3));
    assert_eq!(server.terminate_process(b, 4), Err(KernelError::ProcessNotFound { pid: b.0 }));
    assert!(server.wait_for_child(shell, Some(a)).is_err());
    assert_eq!(server.wait_for_child(shell, None).unwrap(), (b, 3));
    assert!(server.get_process_info(b).is_none());
}

#[test]
fn signals() {
    let server = ProcessServer::new();
    let shell = create(&server, INIT, "shell");
    let child = create(&server, shell, "child");
    server.send_signal(child, 19).unwrap();
    assert_eq!(server.get_process_info(child).unwrap().state, ProcessState::Stopped);
    server.send_signal(child, 18).unwrap();
    assert_eq!(server.get_process_info(child).unwrap().state, ProcessState::Running);
    server.send_signal(child, 10).unwrap();
    server.send_signal(child, 9).unwrap();
    assert_eq!(server.wait_for_child(shell, Some(child)).unwrap(), (child, -9));
    server.send_signal(shell, 15).unwrap();
    assert_eq!(server.wait_for_child(INIT, Some(shell)).unwrap(), (shell, 0));
    assert_eq!(server.send_signal(child, 9), Err(KernelError::ProcessNotFound { pid: child.0 }));
}

#[test]
fn limits() {
    let server = ProcessServer::new();
    let shell = create(&server, INIT, "shell");
    let limits = server.get_resource_limits(shell).unwrap();
    assert_eq!(limits.max_memory, ResourceLimits::default().max_memory);
    assert_eq!((limits.max_cpu_time, limits.max_files), (u64::MAX, 1024));
    let limits = ResourceLimits { nice_value: -5, max_memory: 1, ..limits };
    server.set_resource_limits(shell, limits).unwrap();
    assert_eq!(server.get_resource_limits(shell).unwrap().nice_value, -5);
    server.update_process_stats(shell, 0, 2);
    assert_eq!(server.get_process_info(shell).unwrap().state, ProcessState::Running);
    assert_eq!(
        server.set_resource_limits(ProcessId(99), ResourceLimits::default()),
        Err(KernelError::ProcessNotFound { pid: 99 })
    );
}

#[test]
fn sessions_and_groups() {
    let server = ProcessServer::new();
    let shell = create(&server, INIT, "shell");
    let sid = server.create_session(shell).unwrap();
    assert_eq!(server.get_process_info(shell).unwrap().session_id, sid);
    let child = create(&server, shell, "child");
    let pgid = server.create_process_group(child, sid).unwrap();
    let session = server.get_session(sid).unwrap();
    assert_eq!((session.leader, session.processes), (shell, vec![shell, child]));
    let group = server.get_process_group(pgid).unwrap();
    assert_eq!((group.session_id, group.processes), (sid, vec![child]));
    assert_eq!(
        server.create_process_group(child, 99),
        Err(KernelError::NotFound { resource: "session", id: 99 })
    );
    assert!(matches!(server.create_session(shell), Err(KernelError::Refused { errno: 1 })));
    assert!(matches!(
        server.create_session(ProcessId(99)),
        Err(KernelError::ProcessNotFound { pid: 99 })
    ));
}

#[test]
fn orphans_and_counters() {
    let server = ProcessServer::new();
    let parent = create(&server, INIT, "parent");
    let (alive, dead) = (create(&server, parent, "alive"), create(&server, parent, "dead"));
    server.terminate_process(dead, 0).unwrap();
    server.terminate_process(parent, 0).unwrap();
    assert_eq!(server.get_process_info(alive).unwrap().ppid, INIT);
    let stats = server.get_statistics();
    assert_eq!((stats.total_processes, stats.running, stats.zombies), (4, 2, 2));
    assert_eq!((stats.total_created, stats.total_exited), (3, 2));
    assert_eq!(server.reap_zombies(), 2);
    assert_eq!(server.list_process_ids(), [INIT, alive]);
    let names: Vec<String> = server.list_processes().into_iter().map(|info| info.name).collect();
    assert_eq!(names, ["init", "alive"]);
}

#[test]
fn what_is_different() {
    let server = ProcessServer::new();
    let without_parent = server.create_process(ProcessId(0), String::new(), 0, 0, vec![], vec![]);
    assert_eq!(without_parent, Err(KernelError::ProcessNotFound { pid: 0 }));
    assert_eq!(server.terminate_process(INIT, 0), Err(KernelError::Refused { errno: 1 }));
    let shell = create(&server, INIT, "shell");
    server.notify_capability_revoked(shell, 7);
    assert_eq!(server.server().info(shell).unwrap().revocations, 1);
    assert_eq!(KernelError::ProcessNotFound { pid: 9 }.to_string(), "there is no process 9");
}

// What is a matter of the types: it is sent to threads, and shared by them.
#[test]
fn it_is_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&ProcessServer::new());
}
