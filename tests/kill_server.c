/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_server.h"

#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_TIMEOUT_MS = 60000, STATUS_NOT_STARTED = 127, ARGUMENTS_MAX = 8 };

/* From here to exec only what is safe between fork and exec of a process with threads. */
static void become(const struct kill_server *server, char *const *arguments, int output, pid_t parent)
{
	int errors = open(server->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || errors < 0 || dup2(errors, STDERR_FILENO) < 0 ||
		dup2(output, STDOUT_FILENO) < 0)
		_exit(STATUS_NOT_STARTED);
	execv(server->program, arguments);
	_exit(STATUS_NOT_STARTED);
}

/* exec takes texts that it promises not to change, by a type that does not say so. */
static void start(struct kill_server *server, const char *const *texts)
{
	union {
		const char *texts[ARGUMENTS_MAX];
		char *const list[ARGUMENTS_MAX];
	} arguments = {.texts = {server->program}};
	int ends[2];
	for (size_t index = 0; texts[index] != NULL; index++)
		arguments.texts[index + 1] = texts[index];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t parent = getpid();
	server->pid = fork();
	assert_true(server->pid >= 0);
	if (server->pid == 0)
		become(server, arguments.list, ends[1], parent);
	close(ends[1]);
	server->output = ends[0];
	server->url[0] = '\0';
}

static int finish(struct kill_server *server)
{
	int status;
	assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
	close(server->output);
	server->pid = 0;
	return status;
}

static void show_errors(const struct kill_server *server)
{
	char line[400];
	FILE *file = fopen(server->errors, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		print_error("  %s", line);
	if (file != NULL)
		fclose(file);
}

/* To its end, which must be a good one. */
static void run(struct kill_server *server, const char *const *texts)
{
	start(server, texts);
	int status = finish(server);
	if (status != 0)
		show_errors(server);
	assert_int_equal(status, 0);
}

void kill_server_make(struct kill_server *server, const struct support_directory *place, const char *origin)
{
	char self[SUPPORT_PATH_MAX] = {0};
	memset(server, 0, sizeof *server);
	assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
	int size = snprintf(server->program, sizeof server->program, "%s/recourse", dirname(dirname(self)));
	assert_true(size > 0 && size < SUPPORT_PATH_MAX);
	support_directory_path(place, "ledger", server->directory);
	support_directory_path(place, "errors", server->errors);
	run(server, (const char *const[]){
			    "init", server->directory, "--origin", origin, "--test", "--json", NULL});
}

void kill_server_play(const struct kill_server *server, const char *steps)
{
	struct kill_server player = *server;
	char file[SUPPORT_PATH_MAX + 16];
	char keys[SUPPORT_PATH_MAX + 16];
	snprintf(file, sizeof file, "%s/steps.case", server->directory);
	snprintf(keys, sizeof keys, "%s/keys", server->directory);
	support_write_file(file, slice_text(steps));
	run(&player, (const char *const[]){"play", file, "--url", server->url, "--keys", keys, NULL});
}

void kill_server_start(struct kill_server *server)
{
	start(server,
		(const char *const[]){"serve", server->directory, "--listen", "tcp://127.0.0.1:0", NULL});
}

/* The first line on standard output: "serving ORIGIN at URL". */
void kill_server_wait_ready(struct kill_server *server)
{
	char line[256] = {0};
	size_t size = 0;
	struct pollfd descriptor = {.fd = server->output, .events = POLLIN};
	while (strchr(line, '\n') == NULL && size < sizeof line - 1) {
		if (poll(&descriptor, 1, READY_TIMEOUT_MS) <= 0)
			break;
		ssize_t count = read(server->output, line + size, sizeof line - 1 - size);
		if (count <= 0)
			break;
		size += (size_t)count;
	}
	const char *url = strstr(line, "tcp://");
	if (url == NULL) {
		print_error("the service did not start: %s\n", line);
		show_errors(server);
	}
	assert_non_null(url);
	snprintf(server->url, sizeof server->url, "%.*s", (int)strcspn(url, "\n"), url);
}

void kill_server_kill(struct kill_server *server)
{
	assert_int_equal(kill(server->pid, SIGKILL), 0);
	int status = finish(server);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
		print_error("the service had ended by itself: %#x\n", (unsigned int)status);
		show_errors(server);
	}
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

void kill_server_stop(struct kill_server *server)
{
	assert_int_equal(kill(server->pid, SIGTERM), 0);
	int status = finish(server);
	if (status != 0)
		show_errors(server);
	assert_int_equal(status, 0);
}
