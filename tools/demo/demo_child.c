/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ARGUMENTS_MAX = 32,
	STATUS_NOT_STARTED = 127,
};

/* From here to exec only what is safe between fork and exec of a process with threads. */
static void redirect(const char *path, int descriptor)
{
	if (path == NULL)
		return;
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (file < 0 || dup2(file, descriptor) < 0)
		_exit(STATUS_NOT_STARTED);
}

static void restore_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(
	const struct demo_child_options *options, char *const *arguments, const int *ends, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STATUS_NOT_STARTED);
	redirect(options->output, STDOUT_FILENO);
	redirect(options->errors, STDERR_FILENO);
	if (options->pipe != NULL && dup2(ends[1], STDOUT_FILENO) < 0)
		_exit(STATUS_NOT_STARTED);
	if (options->directory != NULL && chdir(options->directory) != 0)
		_exit(STATUS_NOT_STARTED);
	restore_signals();
	execv("/proc/self/exe", arguments);
	_exit(STATUS_NOT_STARTED);
}

/* exec takes texts that it promises not to change, by a type that does not say so. */
static bool copy_arguments(const struct demo_child_options *options, const char **copy)
{
	size_t count = 0;
	copy[count++] = "recourse";
	for (size_t index = 0; options->arguments[index] != NULL; index++) {
		if (count == ARGUMENTS_MAX)
			return false;
		copy[count++] = options->arguments[index];
	}
	copy[count] = NULL;
	return true;
}

bool demo_child_start(const struct demo_child_options *options, struct demo_child *child)
{
	union {
		const char *texts[ARGUMENTS_MAX + 1];
		char *const list[ARGUMENTS_MAX + 1];
	} arguments;
	int ends[2] = {-1, -1};
	child->pid = 0;
	if (!copy_arguments(options, arguments.texts)) {
		errno = E2BIG;
		return false;
	}
	if (options->pipe != NULL && pipe2(ends, O_CLOEXEC) != 0)
		return false;
	fflush(NULL);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(options, arguments.list, ends, parent);
	if (options->pipe != NULL) {
		close(ends[1]);
		if (pid > 0)
			*options->pipe = ends[0];
		else
			close(ends[0]);
	}
	if (pid > 0)
		child->pid = pid;
	return pid > 0;
}

int demo_child_wait(struct demo_child *child)
{
	int status = 0;
	if (child->pid == 0)
		return STATUS_NOT_STARTED;
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child->pid = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int demo_child_stop(struct demo_child *child)
{
	if (child->pid > 0)
		kill(child->pid, SIGTERM);
	return demo_child_wait(child);
}

int demo_child_run(const struct demo_child_options *options)
{
	struct demo_child child;
	if (!demo_child_start(options, &child))
		return STATUS_NOT_STARTED;
	return demo_child_wait(&child);
}
