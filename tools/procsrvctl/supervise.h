/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * supervise - a service manager on nothing but the process server
 *
 *	supervise.c		the command, the process of the supervisor, the loop
 *	supervise_file.c	the file that describes the services
 *	supervise_service.c	the life of a service
 *	supervise_order.c	the order of the services
 *	supervise_table.c	services by name and by process
 *	supervise_queue.c	services by what is to be done first
 *	supervise_settle.c	starting and stopping what can be
 *	supervise_events.c	what the server reports
 *	supervise_control.c	--status, --start, --stop, --restart
 *	supervise_log.c		what became of the services, as text and as JSON
 *
 * Everything that happens comes in through one epoll_wait(2): the end of a
 * service through its handle, what it leaves behind through the events of the
 * server, signals and requests through descriptors of their own. The only
 * timeouts are those of a delayed restart and of a stop.
 *
 * Times are those of the server's clock, in microseconds.
 */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include "procsrvctl.h"

enum restart {
	RESTART_NEVER,
	RESTART_ON_FAILURE,
	RESTART_ALWAYS,
};

/**
 * enum service_state - where a service is in its life
 * @SERVICE_STOPPED: has no process; if it is wanted, it waits for others
 * @SERVICE_STARTING: has one, which has yet to report that it sleeps
 * @SERVICE_RUNNING: has one
 * @SERVICE_STOPPING: has one that was told to exit
 * @SERVICE_BACKOFF: has none, and gets one at its deadline
 * @SERVICE_EXITED: exited well, and is not to be restarted
 * @SERVICE_FAILED: exited otherwise, and is not to be restarted
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

struct supervisor;

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
 * struct link - another service that one comes after
 * @name: as the file has it
 * @on: the service; known once the whole file is read
 * @line: where the file has it
 * @required: the one cannot be without the other
 */
struct link {
	char *name;
	struct service *on;
	unsigned int line;
	bool required;
};

/**
 * struct later - a service that comes after another
 * @service: the one
 * @required: it cannot be without the other
 */
struct later {
	struct service *service;
	bool required;
};

/**
 * struct service - what the file says of a service, and how it is doing
 * @name: its name, and that of its process
 * @argv: command line
 * @envp: environment
 * @directory: working directory, or NULL
 * @line: where its section begins
 * @restart: after which exits it gets a new process
 * @ready_asleep: it is running once its process has reported that it sleeps
 * @stop_signal: what asks it to exit
 * @stop_timeout: how long it may take to; then it is killed
 * @backoff_min: delay of the second restart in a row; doubles from there
 * @backoff_max: longest delay
 * @stable: a process that lived for so long ends the row
 * @links: whom it comes after
 * @nr_links: how many
 * @mark: for whoever walks the links
 * @index: its place in the order
 * @later: the services that come after it, once for each of their links to it
 * @nr_later: how many
 * @nr_unwanted: links to services that are required, and not to run
 * @nr_down: links to services that are required, and not running
 * @nr_on_their_way: links to services that have yet to have their turn
 * @nr_leaving: links of services with a process that are not to run
 * @in_starts: is in the queue of starts
 * @in_stops: is in the queue of stops
 * @wanted: it is to run; by set_wanted()
 * @state: where it is; by set_state()
 * @pid: its process, or 0; by set_pid()
 * @handle: the handle of its process
 * @deadline: when its state is to end, or 0
 * @started: when its latest process was created, or 0
 * @exited: when that exited, or 0
 * @down_since: since when it is to be restarted, or 0
 * @recovery: how long its latest restart took, from the exit on, or 0
 * @exits: how many processes it has had that exited
 * @restarts: how many of those were followed by a restart
 * @in_a_row: how many since it was last stable
 * @exit_code: of the latest process that exited
 * @exit_signal: of the latest process that exited
 */
struct service {
	char *name;
	struct strings argv;
	struct strings envp;
	char *directory;
	unsigned int line;
	enum restart restart;
	bool ready_asleep;
	int stop_signal;
	__u64 stop_timeout;
	__u64 backoff_min;
	__u64 backoff_max;
	__u64 stable;
	struct link *links;
	size_t nr_links;
	int mark;

	size_t index;
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
 * struct supervisor - the services, and what they hang on
 * @name: of its process, and for those who control it
 * @parent: the parent of its process
 * @pid: its process: the parent of the services, and their reaper
 * @services: in the order in which they start
 * @nr_services: how many
 * @nr_alive: how many have a process
 * @by_name: all of them, for find_service()
 * @by_pid: those that have a process, for service_of()
 * @starts: those that may have to start, or to give up
 * @stops: those that may have to stop
 * @deadlines: by deadline; a service may have another by now
 * @epoll: what the loop sleeps on
 * @events: the events of the server
 * @signals: signals to this program
 * @control: requests
 * @self: the handle of its process
 * @ending: nothing is to run any more
 * @lost: its process is gone
 */
struct supervisor {
	const char *name;
	__u64 parent;
	__u64 pid;
	struct service **services;
	size_t nr_services;
	size_t nr_alive;
	void *by_name;
	void *by_pid;
	struct queue starts;
	struct queue stops;
	struct queue deadlines;
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

/*
 * The file (supervise_file.c) and the order in it (supervise_order.c). Both
 * exit with a message when it makes no sense.
 */

void read_services(struct supervisor *sup, const char *path);
void sort_services(struct supervisor *sup, const char *path);

/*
 * Services by name and by process (supervise_table.c). NULL if there is none.
 */

void add_service(struct supervisor *sup, struct service *service);
struct service *find_service(const struct supervisor *sup, const char *name);
struct service *service_of(const struct supervisor *sup, __u64 pid);

/* Gives a service a process, or with 0 takes it. */
void set_pid(struct supervisor *sup, struct service *service, __u64 pid);

/*
 * Queues (supervise_queue.c). NULL if there is nothing in it.
 */

void queue_push(struct queue *queue, __u64 key, struct service *service);
const struct due *queue_first(const struct queue *queue);
struct service *queue_pop(struct queue *queue);

/*
 * Starting and stopping (supervise_settle.c)
 */

/* Once they are in their order, and before anything else of this. */
void begin_services(struct supervisor *sup);

void set_state(struct supervisor *sup, struct service *service,
	       enum service_state state);
void set_wanted(struct supervisor *sup, struct service *service, bool wanted);

/* With all that it requires, and without waiting for the end of a back-off. */
void want(struct supervisor *sup, struct service *service);

/* Starts and stops what can be. */
void settle(struct supervisor *sup);

/*
 * A service (supervise_service.c)
 */

/* Has a process. */
bool service_lives(const struct service *service);

void service_start(struct supervisor *sup, struct service *service);
void service_stop(struct supervisor *sup, struct service *service);
void service_ready(struct supervisor *sup, struct service *service, __u64 time);

/* Kills its process, and all below that. */
void service_kill(struct supervisor *sup, struct service *service);

/* Its deadline has come. */
void service_timeout(struct supervisor *sup, struct service *service);

/*
 * What became of whom (supervise_events.c)
 */

void begin_events(struct supervisor *sup);

/* Reads all events there are, and reaps whoever has exited. */
void drain_events(struct supervisor *sup);

/*
 * Control (supervise_control.c)
 */

void begin_control(struct supervisor *sup);

/**
 * send_request() - ask a running supervisor
 * @name: its name
 * @verb: "status", "start", "stop" or "restart"
 * @service: the service, or NULL
 *
 * Return: an exit status.
 */
int send_request(const char *name, const char *verb, const char *service);

/*
 * Telling (supervise_log.c)
 */

/**
 * tell() - print a line of the log
 * @time: when it happened
 * @service: of whom, or NULL for the supervisor
 * @event: what happened, in a word, for JSON
 * @fmt: the same as a sentence
 */
void tell(__u64 time, const struct service *service, const char *event,
	  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "exited with code 1", "killed by signal 9 (SIGKILL)" */
void format_exit(const struct service *service, char *buf, size_t size);

struct json_object *json_service(const struct service *service);

#endif /* SUPERVISE_H */
