/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSURED_H
#define INSURED_H

#include "rules.h"

/*
 * A merchant with insurers, for the tests of instruments: each step must be accepted. Parties S and T insure M, with
 * the keys s and t.
 */

/* An instrument of M's in CNY, to 2018; `more` members as JSON, beginning with a comma, or nothing. */
void insured_by(struct kit *kit, const char *instrument, const char *provider, int draw, const char *limit,
	const char *more);
void insured_call(struct kit *kit, const char *incident);
void insured_receive(struct kit *kit, const char *incident, const char *instrument, const char *amount);

/* The insurers; M's deposit of 100.00 and incident "i" with two claims, "a" of 300.00 and "b" of 50.00. */
void insured_incident(struct kit *kit);

#endif
