/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_server.h"

#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_TIMEOUT_MS = 60000, STATUS_NOT_STARTED = 127 };

/* From here to exec only what is safe between fork and exec of a process with threads. */
static void become(
	const struct kill_server *server, char *const *arguments, int output, int channel, pid_t parent)
{
	int errors = open(server->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || errors < 0 || dup2(errors, STDERR_FILENO) < 0 ||
		dup2(output, STDOUT_FILENO) < 0 || !kill_aim_expose(channel))
		_exit(STATUS_NOT_STARTED);
	execv(server->program, arguments);
	_exit(STATUS_NOT_STARTED);
}

/* exec takes texts that it promises not to change, by a type that does not say so. */
void kill_server_start(struct kill_server *server, const char *const *words)
{
	union {
		const char *texts[KILL_SERVER_ARGUMENTS];
		char *const list[KILL_SERVER_ARGUMENTS];
	} arguments = {.texts = {server->program}};
	int ends[2];
	int channel[2];
	for (size_t index = 0; words[index] != NULL; index++)
		arguments.texts[index + 1] = words[index];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel), 0);
	fflush(NULL);
	server->aim.struck = false;
	pid_t parent = getpid();
	server->pid = fork();
	assert_true(server->pid >= 0);
	if (server->pid == 0)
		become(server, arguments.list, ends[1], channel[1], parent);
	close(ends[1]);
	close(channel[1]);
	kill_aim_watch(&server->aim, channel[0], server->pid);
	close(channel[0]);
	server->output = ends[0];
	server->url[0] = '\0';
}

/* The next run is not aimed at unless that is said again. */
int kill_server_end(struct kill_server *server)
{
	int status;
	assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
	kill_aim_end(&server->aim);
	server->aim.calls = KILL_AIM_NEVER;
	close(server->output);
	server->pid = 0;
	return status;
}

void kill_server_show(const struct kill_server *server)
{
	char line[400];
	FILE *file = fopen(server->errors, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		print_error("  %s", line);
	if (file != NULL)
		fclose(file);
}

bool kill_server_refused(const struct kill_server *server, int status)
{
	char line[400];
	bool said = false;
	FILE *file = fopen(server->errors, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		said = said || strncmp(line, "recourse: ", strlen("recourse: ")) == 0 ||
		       strncmp(line, "{\"problem\":", strlen("{\"problem\":")) == 0;
	if (file != NULL)
		fclose(file);
	return said && WIFEXITED(status) && WEXITSTATUS(status) > 0 &&
	       WEXITSTATUS(status) < STATUS_NOT_STARTED;
}

static void end_well(struct kill_server *server)
{
	int status = kill_server_end(server);
	if (status != 0)
		kill_server_show(server);
	assert_int_equal(status, 0);
}

void kill_server_find(struct kill_server *server, const struct support_directory *place, const char *name)
{
	char self[SUPPORT_PATH_MAX] = {0};
	*server = (struct kill_server){.aim = {.mutex = PTHREAD_MUTEX_INITIALIZER, .calls = KILL_AIM_NEVER}};
	assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
	int size = snprintf(server->program, sizeof server->program, "%s/recourse", dirname(dirname(self)));
	assert_true(size > 0 && size < SUPPORT_PATH_MAX);
	support_directory_path(place, name, server->directory);
	support_directory_path(place, "errors", server->errors);
}

void kill_server_play(const struct kill_server *server, const char *steps)
{
	struct kill_server player = {.aim = {.mutex = PTHREAD_MUTEX_INITIALIZER, .calls = KILL_AIM_NEVER}};
	char file[SUPPORT_PATH_MAX + 16];
	char keys[SUPPORT_PATH_MAX + 16];
	snprintf(file, sizeof file, "%s/steps.case", server->directory);
	snprintf(keys, sizeof keys, "%s/keys", server->directory);
	support_write_file(file, slice_text(steps));
	/* not its aim: a thread counts there, as long as it runs */
	memcpy(player.program, server->program, sizeof player.program);
	memcpy(player.directory, server->directory, sizeof player.directory);
	memcpy(player.errors, server->errors, sizeof player.errors);
	kill_server_start(
		&player, (const char *const[]){"play", file, "--url", server->url, "--keys", keys, NULL});
	end_well(&player);
}

void kill_server_init(struct kill_server *server)
{
	kill_server_start(server, (const char *const[]){"init", server->directory, "--origin",
					  KILL_SERVER_ORIGIN, "--test", "--json", NULL});
}

/* A ballast is made quickly when it is small. */
void kill_server_serve(struct kill_server *server, const char *option)
{
	kill_server_start(server, (const char *const[]){"serve", server->directory, "--listen",
					  "tcp://127.0.0.1:0", "--ballast", "1", option, NULL});
}

/* The first line on standard output: "serving ORIGIN at URL". */
bool kill_server_wait_ready(struct kill_server *server)
{
	char line[256] = {0};
	size_t size = 0;
	struct pollfd descriptor = {.fd = server->output, .events = POLLIN};
	while (strchr(line, '\n') == NULL && size < sizeof line - 1) {
		assert_int_equal(poll(&descriptor, 1, READY_TIMEOUT_MS), 1);
		ssize_t count = read(server->output, line + size, sizeof line - 1 - size);
		if (count <= 0)
			return false;
		size += (size_t)count;
	}
	const char *url = strstr(line, "tcp://");
	assert_non_null(url);
	snprintf(server->url, sizeof server->url, "%.*s", (int)strcspn(url, "\n"), url);
	return true;
}

void kill_server_begin(struct kill_server *server)
{
	kill_server_serve(server, NULL);
	if (kill_server_wait_ready(server))
		return;
	print_error("the service did not start\n");
	kill_server_show(server);
	fail();
}

void kill_server_kill(struct kill_server *server)
{
	assert_int_equal(kill(server->pid, SIGKILL), 0);
	int status = kill_server_end(server);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
		print_error("the service had ended by itself: %#x\n", (unsigned int)status);
		kill_server_show(server);
	}
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

void kill_server_stop(struct kill_server *server)
{
	assert_int_equal(kill(server->pid, SIGTERM), 0);
	end_well(server);
}
