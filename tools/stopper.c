/* SPDX-License-Identifier: Apache-2.0 */
#include "stopper.h"

#include "notify.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void *wait_for_signal(void *context)
{
	struct stopper *stopper = context;
	struct signalfd_siginfo information;
	uint64_t one = 1;
	ssize_t size;
	do
		size = read(stopper->signals, &information, sizeof information);
	while (size < 0 && errno == EINTR);
	notify_state("STOPPING=1");
	if (write(stopper->event, &one, sizeof one) != (ssize_t)sizeof one)
		_exit(1);
	return NULL;
}

bool stopper_start(struct stopper *stopper)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	stopper->signals = signalfd(-1, &set, SFD_CLOEXEC);
	stopper->event = eventfd(0, EFD_CLOEXEC);
	if (stopper->signals >= 0 && stopper->event >= 0 &&
		pthread_create(&stopper->thread, NULL, wait_for_signal, stopper) == 0)
		return true;
	if (stopper->signals >= 0)
		close(stopper->signals);
	if (stopper->event >= 0)
		close(stopper->event);
	return false;
}

void stopper_end(struct stopper *stopper)
{
	/* A signal to the thread alone wakes it where none came. */
	pthread_kill(stopper->thread, SIGTERM);
	pthread_join(stopper->thread, NULL);
	close(stopper->signals);
	close(stopper->event);
}
