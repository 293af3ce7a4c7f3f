/* SPDX-License-Identifier: Apache-2.0 */
#include "damage.h"

#include "exit_code.h"
#include "recourse_ledger.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
}

static void end(int number, siginfo_t *information, void *context)
{
	(void)context;
	const char *path = recourse_ledger_mapped(information->si_addr);
	if (path == NULL) {
		/* what it did is done again, and is not caught */
		signal(number, SIG_DFL);
		return;
	}
	say("recourse: a page of ");
	say(path);
	say(" can not be read: the disk fails, or somebody changed the file while it was in use [IO]\n");
	_exit(EXIT_CODE_UNAVAILABLE);
}

void damage_watch(void)
{
	struct sigaction action = {.sa_sigaction = end, .sa_flags = SA_SIGINFO};
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}
