/* SPDX-License-Identifier: Apache-2.0 */
#include "reckoning.h"

#define FOLLOWS_AFTER (UINT64_C(24) * 3600 * 1000000000)

uint64_t reckoning_counted(const struct reckoning *reckoning, uint64_t elapsed)
{
	return reckoning->right.host + (elapsed - reckoning->right.elapsed);
}

bool reckoning_agrees(
	const struct reckoning *reckoning, const struct reckoning_reading *reading, uint64_t jump)
{
	uint64_t counted = reckoning_counted(reckoning, reading->elapsed);
	uint64_t ahead = reckoning->slack > jump ? reckoning->slack : jump;
	return reading->host >= counted ? reading->host - counted <= ahead : counted - reading->host <= jump;
}

void reckoning_follow(struct reckoning *reckoning, const struct reckoning_reading *reading)
{
	if (reckoning->slack == 0 && reading->elapsed - reckoning->right.elapsed < FOLLOWS_AFTER)
		return;
	reckoning->right = *reading;
	reckoning->slack = 0;
}

void reckoning_shift(struct reckoning *reckoning, uint64_t further)
{
	reckoning->right.host += further;
	reckoning->slack = 0;
}
