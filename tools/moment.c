/* SPDX-License-Identifier: Apache-2.0 */
#include "moment.h"

#include "base/instant.h"

#include <time.h>

uint64_t moment_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * INSTANT_SECOND + (uint64_t)now.tv_nsec;
}

void moment_sleep(uint64_t milliseconds)
{
	struct timespec time = {
		.tv_sec = (time_t)(milliseconds / 1000), .tv_nsec = (long)(milliseconds % 1000) * 1000000};
	nanosleep(&time, NULL);
}
