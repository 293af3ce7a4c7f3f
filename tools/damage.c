/* SPDX-License-Identifier: Apache-2.0 */
#include "damage.h"

#include "exit_code.h"
#include "recourse_ledger.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static void say(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
}

#if defined(__x86_64__)
/* What a call left on top of the stack; AddressSanitizer may hold that for nobody's, where no call was. */
__attribute__((no_sanitize("address"))) static const void *top_of(const void *const *stack)
{
	return *stack;
}
#endif

/* Where it was, and what that was called from: what copies and compares has no frame of its own. */
static bool is_misled(const ucontext_t *context)
{
#if defined(__x86_64__)
	const greg_t *registers = context->uc_mcontext.gregs;
	return recourse_ledger_misled(
		(const void *)registers[REG_RIP], top_of((const void *const *)registers[REG_RSP]));
#elif defined(__aarch64__)
	return recourse_ledger_misled(
		(const void *)context->uc_mcontext.pc, (const void *)context->uc_mcontext.regs[30]);
#else
	(void)context;
	return recourse_ledger_misled(NULL, NULL);
#endif
}

static void end(int number, siginfo_t *information, void *context)
{
	const char *path = number == SIGABRT ? NULL : recourse_ledger_mapped(information->si_addr);
	if (path != NULL) {
		say("recourse: a page of ");
		say(path);
		say(" can not be read: the disk fails, or somebody changed the file while it was in use "
		    "[IO]\n");
		_exit(EXIT_CODE_UNAVAILABLE);
	}
	if (number == SIGABRT ? recourse_ledger_misled(NULL, NULL) : is_misled(context)) {
		say("recourse: a page of the log or the state is not what was written: the disk fails, or "
		    "somebody changed the file while it was in use [STORE_CORRUPT]\n");
		_exit(EXIT_CODE_DATA);
	}
	/* what it did is done again, and is not caught */
	signal(number, SIG_DFL);
}

void damage_watch(void)
{
	struct sigaction action = {.sa_sigaction = end, .sa_flags = SA_SIGINFO};
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGABRT, &action, NULL);
}
