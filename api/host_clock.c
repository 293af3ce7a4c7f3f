/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <fcntl.h>
#include <time.h>

static uint64_t read_clock(clockid_t id)
{
	struct timespec time;
	clock_gettime(id, &time);
	return (uint64_t)time.tv_sec * HOST_CLOCK_SECOND + (uint64_t)time.tv_nsec;
}

uint64_t host_clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t host_clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_clock_thread(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t host_clock_elapsed(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

double host_clock_seconds_since(uint64_t started)
{
	return (double)(host_clock_monotonic() - started) / (double)HOST_CLOCK_SECOND;
}

void host_clock_boot(char boot[static HOST_CLOCK_BOOT_SIZE])
{
	size_t size = 0;
	SCOPED(descriptor_close)
	const int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (file < 0 || descriptor_read(file, boot, HOST_CLOCK_BOOT_SIZE - 1, &size) != RECOURSE_OK)
		size = 0;
	boot[size] = '\0';
}
