// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of a service
 *
 * A key with the meaning of one in systemd.service(5) or systemd.exec(5) has its
 * name. It can be spelled as there, too: case and hyphens make no difference.
 */
#include <ctype.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervise.h"

#define BLANKS " \t\r\n"
#define SECONDS 1000000ULL

/* How often the usage of a service with limits on the server is reported. */
#define USAGE_INTERVAL SECONDS

/**
 * enum key_flags - properties of a key
 * @REPEATS: may stand in a section more than once
 * @OF_PROGRAM: only for services with a command
 * @LATER: can change while the program runs
 */
enum key_flags {
	REPEATS		= 1 << 0,
	OF_PROGRAM	= 1 << 1,
	LATER		= 1 << 2,
};

/**
 * struct key - a key of a section
 * @name: as the file has it
 * @alias: another name, or NULL
 * @parse: takes its value
 * @offset: of the field of &struct config that it fills, or by @parse
 * @flags: &enum key_flags
 */
struct key {
	const char *name;
	const char *alias;
	bool (*parse)(struct file *file, const struct key *key, char *value);
	size_t offset;
	unsigned int flags;
};

static struct config *config(const struct file *file)
{
	return &file->service->config;
}

static void *field(const struct file *file, const struct key *key)
{
	return (char *)config(file) + key->offset;
}

/*
 * Cuts the first word off, in place: blanks end it, except within quotes, which
 * are removed. False if a quote has no end; *@word is NULL if there is no word.
 */
static bool next_word(struct file *file, char **rest, char **word)
{
	char *in = *rest + strspn(*rest, BLANKS);
	char *out = in, quote = '\0';

	*word = *in ? in : NULL;
	for (; *in && (quote || !strchr(BLANKS, *in)); in++) {
		if (quote ? *in == quote : *in == '\'' || *in == '"')
			quote = quote ? '\0' : *in;
		else
			*out++ = *in;
	}
	if (quote)
		return bad(file, "there is no second %c", quote);
	*rest = *in ? in + 1 : in;
	*out = '\0';
	return true;
}

static bool parse_strings(struct file *file, const struct key *key, char *value)
{
	struct strings *list = field(file, key);
	char *word;

	do {
		if (!next_word(file, &value, &word))
			return false;
		if (word)
			strings_add(list, word);
	} while (word);
	if (list->len > PROCSRV_STRINGS_MAX)
		return bad(file, "%s: more than %d bytes", key->name,
			   PROCSRV_STRINGS_MAX);
	return true;
}

static bool parse_environment(struct file *file, const struct key *key,
			      char *value)
{
	struct strings *list = field(file, key);
	size_t i = list->len;

	if (!parse_strings(file, key, value))
		return false;
	for (; i < list->len; i += strlen(list->data + i) + 1)
		if (list->data[i] == '=' || !strchr(list->data + i, '='))
			return bad(file, "%s: '%s' is not NAME=VALUE",
				   key->name, list->data + i);
	return true;
}

static bool parse_links(struct file *file, const struct key *key, char *value)
{
	struct config *c = config(file);
	char *word;

	for (;;) {
		if (!next_word(file, &value, &word))
			return false;
		if (!word)
			return true;
		c->links = grow(c->links, c->nr_links, sizeof(*c->links));
		c->links[c->nr_links++] = (struct link) {
			.name = need(strdup(word)),
			.line = file->line,
			.required = !strcmp(key->name, "requires"),
		};
	}
}

static bool parse_restart(struct file *file, const struct key *key, char *value)
{
	enum restart *restart = field(file, key);

	if (!strcmp(value, "never") || !strcmp(value, "no"))
		*restart = RESTART_NEVER;
	else if (!strcmp(value, "on-failure"))
		*restart = RESTART_ON_FAILURE;
	else if (!strcmp(value, "always"))
		*restart = RESTART_ALWAYS;
	else
		return bad(file, "%s: '%s' is none of never, on-failure and always",
			   key->name, value);
	return true;
}

static bool parse_ready(struct file *file, const struct key *key, char *value)
{
	enum ready *ready = field(file, key);

	if (!strcmp(value, "created") || !strcmp(value, "exec"))
		*ready = READY_CREATED;
	else if (!strcmp(value, "sleeping"))
		*ready = READY_SLEEPING;
	else if (!strcmp(value, "notify"))
		*ready = READY_NOTIFY;
	else
		return bad(file, "%s: '%s' is none of created, sleeping and notify",
			   key->name, value);
	return true;
}

static bool parse_signal(struct file *file, const struct key *key, char *value)
{
	int *signo = field(file, key);

	if (procsrv_parse_signal(value, signo) || !*signo)
		return bad(file, "%s: '%s' is not a signal", key->name, value);
	return true;
}

static const char *or_infinity(const char *value)
{
	return strcmp(value, "infinity") ? value : "unlimited";
}

static bool parse_time(struct file *file, const struct key *key, char *value)
{
	if (!client_parse_time(or_infinity(value), 1000, field(file, key)))
		return bad(file, "%s: '%s' is not a time (5s, 100ms, 20us, unlimited)",
			   key->name, value);
	return true;
}

static bool parse_interval(struct file *file, const struct key *key,
			   char *value)
{
	const __u64 *time = field(file, key);

	if (!parse_time(file, key, value))
		return false;
	if (*time < SECONDS / 10)
		return bad(file, "%s: '%s' is less than 100ms", key->name,
			   value);
	return true;
}

/* In a file of systemd 0 may be meant as no limit. */
static bool parse_start_timeout(struct file *file, const struct key *key,
				char *value)
{
	const __u64 *time = field(file, key);

	if (!parse_time(file, key, value))
		return false;
	if (!*time)
		return bad(file, "%s: 0 leaves no time; 'unlimited' is no limit",
			   key->name);
	return true;
}

static bool parse_size(struct file *file, const struct key *key, char *value)
{
	if (!client_parse_size(or_infinity(value), field(file, key)))
		return bad(file, "%s: '%s' is not a size (4096, 64M, unlimited)",
			   key->name, value);
	return true;
}

static bool is_path(struct file *file, const struct key *key, const char *value)
{
	if (*value != '/')
		return bad(file, "%s: '%s' is not an absolute path", key->name,
			   value);
	if (strlen(value) >= PROCSRV_PATH_MAX)
		return bad(file, "%s: longer than %d bytes", key->name,
			   PROCSRV_PATH_MAX - 1);
	return true;
}

static bool parse_directory(struct file *file, const struct key *key,
			    char *value)
{
	char **directory = field(file, key);

	if (!is_path(file, key, value))
		return false;
	*directory = need(strdup(value));
	return true;
}

static bool parse_file(struct file *file, const struct key *key,
		       const char *path, int flags)
{
	struct stream *stream = field(file, key);

	if (!is_path(file, key, path))
		return false;
	*stream = (struct stream) {
		.path = need(strdup(path)), .flags = flags,
	};
	return true;
}

/* The text after @prefix in @value, or NULL. */
static const char *behind(const char *value, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(value, prefix, len) ? NULL : value + len;
}

static bool parse_input(struct file *file, const struct key *key, char *value)
{
	const char *path = behind(value, "file:");

	if (path)
		return parse_file(file, key, path, O_RDONLY);
	if (strcmp(value, "null"))
		return bad(file, "%s: '%s' is neither null nor file:PATH",
			   key->name, value);
	return true;
}

static bool parse_output(struct file *file, const struct key *key, char *value)
{
	static const struct {
		const char *prefix;
		int flags;
	} kinds[] = {
		{ "file:", O_WRONLY | O_CREAT },
		{ "append:", O_WRONLY | O_CREAT | O_APPEND },
		{ "truncate:", O_WRONLY | O_CREAT | O_TRUNC },
	};
	struct stream *stream = field(file, key);
	bool is_error = stream == &config(file)->error;
	const char *path;
	size_t i;

	*stream = (struct stream) {};
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		path = behind(value, kinds[i].prefix);
		if (path)
			return parse_file(file, key, path, kinds[i].flags);
	}
	if (!strcmp(value, "null"))
		return parse_file(file, key, "/dev/null", O_WRONLY);
	if (is_error && !strcmp(value, "inherit"))
		stream->inherited = true;
	else if (strcmp(value, "log"))
		return bad(file, "%s: '%s' is none of log, null, %s%s",
			   key->name, value, is_error ? "inherit, " : "",
			   "file:PATH, append:PATH and truncate:PATH");
	return true;
}

/* The offset of these is the resource. "SOFT" or "SOFT:HARD" */
static bool parse_limit(struct file *file, const struct key *key, char *value)
{
	struct config *c = config(file);
	char *hard = strchr(value, ':');
	__u64 limit[2];

	if (hard)
		*hard++ = '\0';
	else
		hard = value;
	if (!client_parse_size(or_infinity(value), &limit[0]) ||
	    !client_parse_size(or_infinity(hard), &limit[1]))
		return bad(file, "%s: '%s' is not a limit (1024, 64M, unlimited, 1024:4096)",
			   key->name, value);
	if (limit[0] > limit[1])
		return bad(file, "%s: the soft limit is above the hard one",
			   key->name);
	c->limits = grow(c->limits, c->nr_limits, sizeof(*c->limits));
	/* Both have all bits set if there is none. */
	c->limits[c->nr_limits++] = (struct limit) {
		.resource = key->offset,
		.value = { .rlim_cur = limit[0], .rlim_max = limit[1] },
	};
	return true;
}

/* Only root may start a program of another user. */
static bool may_be(struct file *file, const struct key *key, const char *value,
		   bool own)
{
	if (own || !geteuid())
		return true;
	return bad(file, "%s: '%s': only root can start programs for others",
		   key->name, value);
}

static void read_groups(struct config *c, const char *name)
{
	int nr = 0;

	getgrouplist(name, c->gid, NULL, &nr);
	c->groups = need(calloc(nr, sizeof(*c->groups)));
	c->nr_groups = getgrouplist(name, c->gid, c->groups, &nr);
	if (c->nr_groups < 0)
		c->nr_groups = 0;
}

static bool parse_user(struct file *file, const struct key *key, char *value)
{
	struct config *c = config(file);
	const struct passwd *pw;
	__u32 uid;

	pw = client_parse_u32(value, &uid) ? getpwuid(uid) : getpwnam(value);
	if (!pw)
		return bad(file, "%s: there is no user '%s'", key->name, value);
	c->has_user = true;
	c->uid = pw->pw_uid;
	/* The group may stand before the user. */
	if (!c->has_group)
		c->gid = pw->pw_gid;
	read_groups(c, pw->pw_name);
	return may_be(file, key, value, c->uid == getuid());
}

static bool parse_group(struct file *file, const struct key *key, char *value)
{
	struct config *c = config(file);
	const struct group *gr;
	__u32 gid;

	c->has_group = true;
	if (client_parse_u32(value, &gid)) {
		c->gid = gid;
	} else {
		gr = getgrnam(value);
		if (!gr)
			return bad(file, "%s: there is no group '%s'",
				   key->name, value);
		c->gid = gr->gr_gid;
	}
	return may_be(file, key, value, c->gid == getgid());
}

#define FIELD(name) offsetof(struct config, name)
#define LIMIT(name) "limit-" name, NULL, parse_limit

static const struct key keys[] = {
	{ "command", "ExecStart", parse_strings, FIELD(argv), 0 },
	{ "user", NULL, parse_user, 0, OF_PROGRAM },
	{ "group", NULL, parse_group, 0, OF_PROGRAM },
	{ "environment", NULL, parse_environment, FIELD(envp), REPEATS },
	{ "directory", "WorkingDirectory", parse_directory, FIELD(directory), 0 },
	{ "standard-input", NULL, parse_input, FIELD(input), OF_PROGRAM },
	{ "standard-output", NULL, parse_output, FIELD(output), OF_PROGRAM },
	{ "standard-error", NULL, parse_output, FIELD(error), OF_PROGRAM },
	{ "after", NULL, parse_links, 0, REPEATS | LATER },
	{ "requires", NULL, parse_links, 0, REPEATS | LATER },
	{ "ready", "Type", parse_ready, FIELD(ready), 0 },
	{ "restart", NULL, parse_restart, FIELD(restart), LATER },
	{ "backoff-min", "RestartSec", parse_time, FIELD(backoff_min), LATER },
	{ "backoff-max", "RestartMaxDelaySec", parse_time, FIELD(backoff_max),
	  LATER },
	{ "stable", NULL, parse_time, FIELD(stable), LATER },
	{ "start-timeout", "TimeoutStartSec", parse_start_timeout,
	  FIELD(start_timeout), LATER },
	{ "stop-signal", "KillSignal", parse_signal, FIELD(stop_signal), LATER },
	{ "stop-timeout", "TimeoutStopSec", parse_time, FIELD(stop_timeout),
	  LATER },
	{ "memory-max", NULL, parse_size, FIELD(max_memory), OF_PROGRAM },
	{ "cpu-time-max", NULL, parse_time, FIELD(max_cpu_time), OF_PROGRAM },
	{ "usage-interval", NULL, parse_interval, FIELD(usage_interval),
	  OF_PROGRAM },
	{ LIMIT("as"), RLIMIT_AS, OF_PROGRAM },
	{ LIMIT("core"), RLIMIT_CORE, OF_PROGRAM },
	{ LIMIT("cpu"), RLIMIT_CPU, OF_PROGRAM },
	{ LIMIT("data"), RLIMIT_DATA, OF_PROGRAM },
	{ LIMIT("fsize"), RLIMIT_FSIZE, OF_PROGRAM },
	{ LIMIT("locks"), RLIMIT_LOCKS, OF_PROGRAM },
	{ LIMIT("memlock"), RLIMIT_MEMLOCK, OF_PROGRAM },
	{ LIMIT("msgqueue"), RLIMIT_MSGQUEUE, OF_PROGRAM },
	{ LIMIT("nofile"), RLIMIT_NOFILE, OF_PROGRAM },
	{ LIMIT("nproc"), RLIMIT_NPROC, OF_PROGRAM },
	{ LIMIT("rss"), RLIMIT_RSS, OF_PROGRAM },
	{ LIMIT("sigpending"), RLIMIT_SIGPENDING, OF_PROGRAM },
	{ LIMIT("stack"), RLIMIT_STACK, OF_PROGRAM },
};

static bool unknown_key(struct file *file, const char *name)
{
	struct suggestion s;
	size_t i;

	suggest_begin(&s, name);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		suggest_try(&s, keys[i].name);
	if (s.name)
		return bad(file, "there is no key '%s'; did you mean '%s'?",
			   name, s.name);
	return bad(file, "there is no key '%s'; procsrvctl-supervise(1) has all keys",
		   name);
}

/* "WorkingDirectory" and "working-directory" are the same. */
static bool is_name(const char *a, const char *b)
{
	if (!b)
		return false;
	for (;; a++, b++) {
		while (*a == '-')
			a++;
		while (*b == '-')
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

static const struct key *find_key(const char *name)
{
	const struct key *key;

	for (key = keys; key < keys + ARRAY_SIZE(keys); key++)
		if (is_name(name, key->name) || is_name(name, key->alias))
			return key;
	return NULL;
}

/* Keeps the value as in the file, for same_process(). */
static void keep_value(struct config *c, size_t key, const char *value)
{
	char *text;

	if (asprintf(&text, "%c%s", (char)(key + 1), value) < 0)
		need(NULL);
	strings_add(&c->said, text);
	free(text);
}

bool parse_pair(struct file *file, char *line)
{
	char *equals = strchr(line, '=');
	const struct key *key;
	char *name, *value;
	size_t i;

	if (!equals)
		return bad(file, "neither [service NAME] nor KEY = VALUE: '%s'",
			   line);
	*equals = '\0';
	name = strip(line);
	value = strip(equals + 1);

	if (!file->service)
		return bad(file, "'%s' stands before the first [service NAME]",
			   name);
	key = find_key(name);
	if (!key)
		return unknown_key(file, name);
	i = key - keys;
	if (!*value)
		return bad(file, "'%s' has no value", name);
	if (file->given & 1ULL << i && !(key->flags & REPEATS))
		return bad(file, "'%s' is there a second time", name);
	file->given |= 1ULL << i;
	keep_value(config(file), i, value);
	return key->parse(file, key, value);
}

static bool has_variable(const struct strings *envp, const char *name)
{
	size_t len = strlen(name), i;

	for (i = 0; i < envp->len; i += strlen(envp->data + i) + 1)
		if (!strncmp(envp->data + i, name, len) &&
		    envp->data[i + len] == '=')
			return true;
	return false;
}

static void set_default(struct config *c, const char *name, const char *value)
{
	char *text;

	if (has_variable(&c->envp, name))
		return;
	if (asprintf(&text, "%s=%s", name, value) < 0)
		need(NULL);
	strings_add(&c->envp, text);
	free(text);
}

/* Adds the default variables to the environment of a program. */
static void complete_environment(struct config *c)
{
	const struct passwd *pw = c->has_user ? getpwuid(c->uid) : NULL;

	set_default(c, "PATH", getenv("PATH") ?:
		    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	if (!pw)
		return;
	set_default(c, "USER", pw->pw_name);
	set_default(c, "LOGNAME", pw->pw_name);
	set_default(c, "HOME", pw->pw_dir);
	set_default(c, "SHELL", *pw->pw_shell ? pw->pw_shell : "/bin/sh");
}

static bool end_program(struct file *file)
{
	struct config *c = config(file);

	if (c->ready == READY_SLEEPING)
		return bad(file, "service '%s' has a command: it cannot be ready = sleeping",
			   file->service->name);
	if (!c->has_user)
		c->uid = file->uid;
	if (!c->has_user && !c->has_group)
		c->gid = file->gid;
	if (!c->usage_interval)
		c->usage_interval = c->max_memory == PROCSRV_UNLIMITED &&
			c->max_cpu_time == PROCSRV_UNLIMITED ?
			PROCSRV_UNLIMITED : USAGE_INTERVAL;
	complete_environment(c);
	return true;
}

static bool end_record(struct file *file)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (file->given & 1ULL << i && keys[i].flags & OF_PROGRAM)
			return bad(file, "service '%s' has no command: '%s' is only for programs",
				   file->service->name, keys[i].name);
	if (config(file)->ready == READY_NOTIFY)
		return bad(file, "service '%s' has no command: it cannot be ready = notify",
			   file->service->name);
	return true;
}

bool end_section(struct file *file)
{
	unsigned int line = file->line;
	bool good = true;

	if (!file->service)
		return true;
	file->line = config(file)->line;
	if (config(file)->backoff_min > config(file)->backoff_max)
		good = bad(file, "service '%s': backoff-min is more than backoff-max",
			   file->service->name);
	else
		good = config(file)->argv.len ? end_program(file) :
						end_record(file);
	file->line = line;
	return good;
}

/* The next value of a key behind *@at, or NULL. */
static const char *next_value(const struct config *c, size_t key, size_t *at)
{
	const char *text;

	while (*at < c->said.len) {
		text = c->said.data + *at;
		*at += strlen(text) + 1;
		if ((size_t)*text == key + 1)
			return text + 1;
	}
	return NULL;
}

bool same_process(const struct config *a, const struct config *b)
{
	const char *left, *right;
	size_t key, i, j;

	for (key = 0; key < ARRAY_SIZE(keys); key++) {
		if (keys[key].flags & LATER)
			continue;
		i = 0;
		j = 0;
		do {
			left = next_value(a, key, &i);
			right = next_value(b, key, &j);
			if (left && right ? strcmp(left, right) != 0 :
					    left != right)
				return false;
		} while (left);
	}
	return true;
}

void free_links(struct config *c)
{
	size_t i;

	for (i = 0; i < c->nr_links; i++)
		free(c->links[i].name);
	free(c->links);
	c->links = NULL;
	c->nr_links = 0;
}

void free_config(struct config *c)
{
	free_links(c);
	free(c->said.data);
	free(c->argv.data);
	free(c->envp.data);
	free(c->directory);
	free(c->groups);
	free(c->limits);
	free(c->input.path);
	free(c->output.path);
	free(c->error.path);
}
