/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * supervise - a service manager on the process server
 *
 *	supervise.c		the command, the process of the supervisor, the loop
 *	supervise_file.c	the file that describes the services
 *	supervise_keys.c	the keys of a service in the file
 *	supervise_reload.c	reading the file again
 *	supervise_service.c	the life of a service
 *	supervise_real.c	the program of a service, as the supervisor sees it
 *	supervise_keeper.c	the keeper: the parent of the program
 *	supervise_exec.c	from the keeper's fork to the program
 *	supervise_look.c	the usage of the program, and its orphans
 *	supervise_proc.c	/proc
 *	supervise_output.c	lines that the program prints
 *	supervise_notify.c	NOTIFY_SOCKET
 *	supervise_order.c	the order of the services
 *	supervise_table.c	services and bodies by name, process and keeper
 *	supervise_queue.c	services by priority
 *	supervise_settle.c	starting and stopping services
 *	supervise_events.c	the events of the server
 *	supervise_control.c	--status, --start, --stop, --restart, --reload
 *	supervise_log.c		the log, as text and as JSON
 *	supervise_writer.c	where the log goes
 *
 * All events come through one epoll_wait(2): the end of a service through its
 * handle, its orphans through the events of the server, changes of the program
 * through its keeper, signals and requests through descriptors of their own. The
 * only timeouts are those of a delayed restart, of a start, of a stop, and of a
 * look at the programs of services.
 *
 * Times are those of the server's clock, in microseconds.
 */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <sys/resource.h>
#include <sys/types.h>

#include "procsrvctl.h"

enum restart {
	RESTART_NEVER,
	RESTART_ON_FAILURE,
	RESTART_ALWAYS,
};

/**
 * enum service_state - the state of a service
 * @SERVICE_STOPPED: has no process; if it is wanted, it waits for other services
 * @SERVICE_STARTING: has one, which has yet to report that it sleeps
 * @SERVICE_RUNNING: has one
 * @SERVICE_STOPPING: has one that was told to exit
 * @SERVICE_BACKOFF: has none, and gets one at its deadline
 * @SERVICE_EXITED: exited with success, and will not be restarted
 * @SERVICE_FAILED: exited otherwise, and will not be restarted
 */
enum service_state {
	SERVICE_STOPPED,
	SERVICE_STARTING,
	SERVICE_RUNNING,
	SERVICE_STOPPING,
	SERVICE_BACKOFF,
	SERVICE_EXITED,
	SERVICE_FAILED,
};

/**
 * enum renewed - what a new file changes for a service
 * @RENEWED_NOT: the same process
 * @RENEWED_ADDED: it was not in the file before
 * @RENEWED_CHANGED: another process
 */
enum renewed {
	RENEWED_NOT,
	RENEWED_ADDED,
	RENEWED_CHANGED,
};

/* The exit code where there is no program. */
enum {
	RUN_FAILED = 127,
};

struct supervisor;
struct start;

/**
 * struct source - something that the loop sleeps on
 * @fd: its descriptor, or -1
 * @ready: called when there is something to read
 */
struct source {
	int fd;
	void (*ready)(struct supervisor *sup, struct source *source);
};

/**
 * struct link - another service that a service comes after
 * @name: as in the file
 * @on: the other service; known once the whole file is read
 * @line: its line in the file
 * @required: the service cannot run without the other
 */
struct link {
	char *name;
	struct service *on;
	unsigned int line;
	bool required;
};

/**
 * struct later - a service that comes after another
 * @service: the service
 * @required: it cannot run without the other
 */
struct later {
	struct service *service;
	bool required;
};

/**
 * enum ready - when a service counts as running
 * @READY_CREATED: it has its process, and that has its program
 * @READY_SLEEPING: its process reports that it sleeps; without a command
 * @READY_NOTIFY: its program says so on NOTIFY_SOCKET
 */
enum ready {
	READY_CREATED,
	READY_SLEEPING,
	READY_NOTIFY,
};

/**
 * struct stream - a standard descriptor of a program
 * @path: a file, or NULL
 * @flags: of open(2), for @path
 * @inherited: standard error is the same as standard output
 *
 * Without any of these, output goes to the log, and input is /dev/null.
 */
struct stream {
	char *path;
	int flags;
	bool inherited;
};

/**
 * struct limit - a resource limit
 * @resource: RLIMIT_*
 * @value: soft and hard
 */
struct limit {
	int resource;
	struct rlimit value;
};

/**
 * struct config - the settings of a service in the file
 * @said: the values, as in the file, each after the number of its key
 * @line: where its section begins
 * @argv: command line; empty if it has no program
 * @envp: environment; of a program, all of it
 * @directory: working directory, or NULL
 * @has_user: runs as @uid, with @groups
 * @has_group: runs as @gid
 * @uid: user
 * @gid: group
 * @groups: supplementary groups
 * @nr_groups: how many
 * @input: standard input
 * @output: standard output
 * @error: standard error
 * @limits: resource limits
 * @nr_limits: how many
 * @max_memory: limit of the server
 * @max_cpu_time: limit of the server
 * @usage_interval: how often its usage is reported, or PROCSRV_UNLIMITED
 * @restart: after which exits it gets a new process
 * @ready: when it counts as running
 * @start_timeout: how long it may take to be ready; then it is stopped, and has failed
 * @stop_signal: the signal that asks it to exit
 * @stop_timeout: how long it may take to exit; then it is killed
 * @backoff_min: delay of the second restart in a row; doubles from there
 * @backoff_max: longest delay
 * @stable: after a process that lived for so long, the delays begin anew
 * @links: the services that it comes after
 * @nr_links: how many
 */
struct config {
	struct strings said;
	unsigned int line;
	struct strings argv;
	struct strings envp;
	char *directory;
	bool has_user;
	bool has_group;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int nr_groups;
	struct stream input;
	struct stream output;
	struct stream error;
	struct limit *limits;
	int nr_limits;
	__u64 max_memory;
	__u64 max_cpu_time;
	__u64 usage_interval;
	enum restart restart;
	enum ready ready;
	__u64 start_timeout;
	int stop_signal;
	__u64 stop_timeout;
	__u64 backoff_min;
	__u64 backoff_max;
	__u64 stable;
	struct link *links;
	size_t nr_links;
};

/**
 * struct body - a process of Linux that executes a process of the server
 * @record: the process of the server, or 0
 * @pid: the process of Linux, or 0 if there is none yet, or none any more
 * @pidfd: its descriptor, or -1
 * @early: signals that came before there was a process of Linux
 * @service: its service
 * @next: the next one of the service
 */
struct body {
	__u64 record;
	pid_t pid;
	int pidfd;
	__u64 early;
	struct service *service;
	struct body *next;
};

/**
 * struct usage - the usage of processes
 * @cpu_time: with that of children that they have waited for
 * @memory: in bytes
 * @threads: how many
 */
struct usage {
	__u64 cpu_time;
	__u64 memory;
	__u32 threads;
};

/**
 * struct real - the program of a service
 * @keeper: the keeper, or 0 if nothing of it is left
 * @channel: messages from and to the keeper
 * @log: lines that the program prints
 * @held: they are not read until there is room in the log of the supervisor
 * @line: the line that has not ended yet
 * @line_len: bytes at @line
 * @notify: NOTIFY_SOCKET
 * @main: the program
 * @orphans: those of its descendants that were reparented to the keeper
 * @failed: the program cannot be run
 * @ready: the program has said that it is ready
 * @ended: @main has exited, with @status
 * @before_exec: the supervisor has killed the keeper, as @main was to be killed before its exec
 * @status: as of wait(2)
 * @usage: of all its processes, as the server knows it
 * @now: the same, while they are counted
 * @look: when to look again, because of its usage_interval; or 0
 */
struct real {
	pid_t keeper;
	struct source channel;
	struct source log;
	bool held;
	char *line;
	size_t line_len;
	struct source notify;
	struct body main;
	struct body *orphans;
	bool failed;
	bool ready;
	bool ended;
	bool before_exec;
	int status;
	struct usage usage;
	struct usage now;
	__u64 look;
};

/**
 * struct service - a service, and its state
 * @name: its name, and that of its process
 * @config: its settings in the file
 * @mark: for a walk along the links
 * @index: its place in the order
 * @removed: the file does not have it any more
 * @renewed: while the file is read again
 * @later: the services that come after it, once for each of their links to it
 * @nr_later: how many
 * @nr_unwanted: links to services that are required, and not wanted
 * @nr_down: links to services that are required, and not running
 * @nr_on_their_way: links to services that have not had their turn yet
 * @nr_leaving: links of services with a process that have to stop
 * @in_starts: is in the queue of starts
 * @in_stops: is in the queue of stops
 * @wanted: it should run; by set_wanted()
 * @state: its state; by set_state()
 * @pid: its process, or 0; by set_pid()
 * @handle: the handle of its process
 * @gone: the process of the server has exited
 * @late: it was not ready in time, and is being stopped for it: its exit is a failure
 * @real: its program, if it has a command
 * @deadline: when its state ends at the latest, or 0
 * @started: when its latest process was created, or 0
 * @exited: when that exited, or 0
 * @down_since: since when it waits for a restart, or 0
 * @recovery: how long its latest restart took, from the exit on, or 0
 * @exits: how many processes it has had that exited
 * @restarts: how many of those were followed by a restart
 * @in_a_row: how many restarts since it was last stable
 * @exit_code: of the latest process that exited
 * @exit_signal: of the latest process that exited
 */
struct service {
	char *name;
	struct config config;
	int mark;

	size_t index;
	bool removed;
	enum renewed renewed;
	struct later *later;
	size_t nr_later;
	size_t nr_unwanted;
	size_t nr_down;
	size_t nr_on_their_way;
	size_t nr_leaving;
	bool in_starts;
	bool in_stops;

	bool wanted;
	enum service_state state;
	__u64 pid;
	struct source handle;
	bool gone;
	bool late;
	struct real real;
	__u64 deadline;
	__u64 started;
	__u64 exited;
	__u64 down_since;
	__u64 recovery;
	unsigned int exits;
	unsigned int restarts;
	unsigned int in_a_row;
	__s32 exit_code;
	__u32 exit_signal;
};

/**
 * struct services - the services of a file
 * @list: in the order in which they start
 * @nr: how many
 * @by_name: all of them, for find_service()
 */
struct services {
	struct service **list;
	size_t nr;
	void *by_name;
};

/**
 * struct due - a service in a queue
 * @key: the lowest is the first
 * @service: the service
 */
struct due {
	__u64 key;
	struct service *service;
};

/**
 * struct queue - services, the first by a key of each
 * @entries: a heap of them
 * @nr: how many
 */
struct queue {
	struct due *entries;
	size_t nr;
};

/**
 * struct supervisor - the services, and the state of the supervisor
 * @name: of its process, and in requests that control it
 * @parent: the parent of its process
 * @pid: its process: the parent of the services, and their reaper
 * @path: of the file
 * @services: the services in it
 * @nr_alive: how many have a process
 * @by_pid: those that have a process, for service_of()
 * @by_record: bodies, for body_of()
 * @by_keeper: services with a program, for service_kept_by()
 * @starts: services that may have to start, or to give up
 * @stops: services that may have to stop
 * @deadlines: by deadline; a service may have another by now
 * @looks: when to look at the programs of services
 * @no_look_before: not earlier than this
 * @epoll: what the loop sleeps on
 * @events: the events of the server
 * @signals: signals to this program
 * @control: requests
 * @self: the handle of its process
 * @ending: no service is wanted any more
 * @lost: its process is gone
 */
struct supervisor {
	const char *name;
	__u64 parent;
	__u64 pid;
	const char *path;
	struct services services;
	size_t nr_alive;
	void *by_pid;
	void *by_record;
	void *by_keeper;
	struct queue starts;
	struct queue stops;
	struct queue deadlines;
	struct queue looks;
	__u64 no_look_before;
	int epoll;
	struct source events;
	struct source signals;
	struct source control;
	struct source self;
	bool ending;
	bool lost;
};

/* The server's clock. */
__u64 server_time(void);

void watch(struct supervisor *sup, struct source *source);

/* The source is called when there is room to write. */
void watch_room(struct supervisor *sup, struct source *source);

void unwatch(struct supervisor *sup, struct source *source);

/*
 * The file (supervise_file.c), its keys (supervise_keys.c) and the order in it
 * (supervise_order.c)
 */

/**
 * struct file - a file that is being read
 * @path: its name
 * @uid: the user of programs for which it names none
 * @gid: the group of these
 * @line: number of the line, from 1
 * @service: the service of the section, or NULL before the first
 * @given: the keys of this section so far, a bit each
 * @error: what is wrong with it, or NULL; allocated
 */
struct file {
	const char *path;
	uid_t uid;
	gid_t gid;
	unsigned int line;
	struct service *service;
	__u64 given;
	char *error;
};

/* Notes what is wrong with a line. Returns false. */
bool bad(struct file *file, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Removes the blanks at both ends, in place. */
char *strip(char *s);

bool parse_pair(struct file *file, char *line);

/* At the end of a section: checks whether the keys contradict each other. */
bool end_section(struct file *file);

/* Whether both have the same settings of the process and its program. */
bool same_process(const struct config *a, const struct config *b);

void free_links(struct config *config);
void free_config(struct config *config);

/* A service with the default settings; in no list. */
struct service *new_service(const char *name, unsigned int line);

/**
 * read_services() - read a file, and bring its services into their order
 * @services: filled
 * @path: of the file
 *
 * Return: NULL, or what is wrong with it, allocated.
 */
char *read_services(struct services *services, const char *path);

void free_services(struct services *services);

/* Frees the index of names; the services are gone. */
void forget_names(struct services *services);

char *sort_services(struct services *services, const char *path);

/* Finds the services that links name; returns a link to one that does not exist. */
const struct link *resolve_links(struct services *services);

/*
 * Services and bodies by name, process and keeper (supervise_table.c). NULL if
 * there is none.
 */

void add_service(struct services *services, struct service *service);

/* For find_service() alone. */
void index_service(struct services *services, struct service *service);

struct service *find_service(const struct services *services,
			     const char *name);
struct service *service_of(const struct supervisor *sup, __u64 pid);
struct service *service_kept_by(const struct supervisor *sup, pid_t keeper);
struct body *body_of(const struct supervisor *sup, __u64 record);

/* Gives a service a process, or with 0 removes it. */
void set_pid(struct supervisor *sup, struct service *service, __u64 pid);

/* Gives a service a keeper, or with 0 removes it. */
void set_keeper(struct supervisor *sup, struct service *service, pid_t keeper);

/* Gives a body a process of the server, or with 0 removes it. */
void set_record(struct supervisor *sup, struct body *body, __u64 record);

/*
 * Queues (supervise_queue.c). NULL if there is nothing in it.
 */

void queue_push(struct queue *queue, __u64 key, struct service *service);
const struct due *queue_first(const struct queue *queue);
struct service *queue_pop(struct queue *queue);

/*
 * Starting and stopping (supervise_settle.c)
 */

/* Called once they are in their order, and after each change of that. */
void link_services(struct supervisor *sup);

void set_state(struct supervisor *sup, struct service *service,
	       enum service_state state);
void set_wanted(struct supervisor *sup, struct service *service, bool wanted);

/* Starts it with all that it requires, without waiting for the end of a back-off. */
void want(struct supervisor *sup, struct service *service);

/* Starts and stops all services that can be. */
void settle(struct supervisor *sup);

/*
 * A service (supervise_service.c)
 */

/* Has a process. */
bool service_lives(const struct service *service);

void service_start(struct supervisor *sup, struct service *service);
void service_stop(struct supervisor *sup, struct service *service);
void service_ready(struct supervisor *sup, struct service *service, __u64 time);

/* Kills its process, and all descendants of that. */
void service_kill(struct supervisor *sup, struct service *service);

/* Its deadline has come. */
void service_timeout(struct supervisor *sup, struct service *service);

/* Its program has started to run now. */
void service_executed(struct supervisor *sup, struct service *service);

/* Its process on the server has exited, and nothing of its program is left. */
void service_ended(struct supervisor *sup, struct service *service);

/*
 * The program of a service (supervise_real.c)
 */

/* The file has a command for it. */
bool service_is_real(const struct service *service);

/* Starts the program of the process that the service has: 0 or an error. */
int real_start(struct supervisor *sup, struct service *service);

/* Kills the program, and all its descendants. */
void real_kill(struct service *service);

/* Carries out the signals that the server has for programs. */
void take_signals(struct supervisor *sup);

/* Children of this process have exited. */
void reap_keepers(struct supervisor *sup);

/* Reads the messages of the keeper. */
void read_channel(struct supervisor *sup, struct service *service);

/*
 * Looking at programs (supervise_look.c)
 */

/* Looks now: reports their usage, and makes processes of their orphans. */
void look_at_programs(struct supervisor *sup);

/* Looks soon after it has started, and then as often as its config says. */
void look_later(struct supervisor *sup, struct service *service);

/* When to look next, or 0; look_if_due() looks if that is now. */
__u64 next_look(struct supervisor *sup);
void look_if_due(struct supervisor *sup, __u64 now);

/*
 * Output of programs (supervise_output.c)
 */

/* Makes a pipe, if its output goes to the log: 0 or an error. */
int begin_output(struct supervisor *sup, struct service *service, int *log);

/* Prints the rest of it, and closes it. */
void end_output(struct supervisor *sup, struct service *service);

/* There is room in the log for output of programs again. */
void resume_output(struct supervisor *sup);

/*
 * NOTIFY_SOCKET (supervise_notify.c)
 */

/* Makes it, if the service uses it to say that it is ready: 0 or an error. */
int begin_notify(struct supervisor *sup, struct service *service,
		 struct start *start);

/*
 * Reading the file again (supervise_reload.c): NULL, or the error, allocated.
 * After an error nothing has changed.
 */

char *reload(struct supervisor *sup);

/*
 * The events of the server (supervise_events.c)
 */

void begin_events(struct supervisor *sup);

/* Reads all events there are, and reaps processes that have exited. */
void drain_events(struct supervisor *sup);

/*
 * Control (supervise_control.c)
 */

void begin_control(struct supervisor *sup);

/**
 * send_request() - ask a running supervisor
 * @name: its name
 * @verb: "status", "reload", "start", "stop" or "restart"
 * @service: the service, or NULL
 *
 * Return: an exit status.
 */
int send_request(const char *name, const char *verb, const char *service);

/*
 * The log (supervise_log.c)
 */

/**
 * tell() - print a line of the log
 * @time: when it happened
 * @service: the service, or NULL for the supervisor
 * @event: what happened, in a word, for JSON
 * @fmt: the same as a sentence
 */
void tell(__u64 time, const struct service *service, const char *event,
	  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Prints a line of the output of a service. */
void tell_output(const struct service *service, const char *line);

/*
 * Where the log goes (supervise_writer.c)
 */

/* From here on the supervisor does not sleep if the log is not read. */
void begin_log(struct supervisor *sup);

/* Do lines wait for a reader? */
bool log_is_full(void);

/* Waits a little for a reader of the last lines. */
void end_log(void);

/* "exited with code 1", "killed by SIGKILL" */
void format_exit(const struct service *service, char *buf, size_t size);

struct json_object *json_service(const struct service *service);

#endif /* SUPERVISE_H */
