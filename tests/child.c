/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "child.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* cmocka catches signals, and jumps out of a failed assertion into the next test: both are the parent's. */
static void prepare(void)
{
	static const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS};
	for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++)
		signal(signals[index], SIG_DFL);
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	alarm(CHILD_SECONDS_MAX);
}

int child_run(void (*act)(void *context), void *context)
{
	int status;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		prepare();
		act(context);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

void *child_share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	return memory;
}

void child_unshare(void *memory, size_t size)
{
	assert_int_equal(munmap(memory, size), 0);
}

void child_prefer_memory(void)
{
	static const char memory[] = "/dev/shm";
	struct statvfs status;
	bool roomy = statvfs(memory, &status) == 0 && status.f_bavail * status.f_frsize >= (256u << 20);
	if (roomy && access(memory, W_OK) == 0)
		setenv("TMPDIR", memory, 0);
}
