/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stddef.h>

/*
 * The golden case: a prepaid fuel card counted in litres, whose issuer Y collapses. Merchant M lodged ¥100,000; the
 * consumers lost ¥300,000; platform P pays them all, and recovers from M, Y and the guarantor G, who are jointly
 * and severally liable. What is submitted, by whom, in which order: the demonstration runs it over the network, the
 * tests run it in process and check every figure. No posting is typed in anywhere.
 *
 * Texts are JSON. `$LAST` stands for the number of the last entry, `$KEY:name` for a key's public text.
 */
struct golden_key {
	const char *name; /* what steps call it; its key is called origin/name */
	const char *party;
	const char *roles; /* JSON array */
};

struct golden_step {
	int step; /* the number in the case; 0: preparation */
	const char *title;
	const char *actor;    /* a key's name */
	const char *commands; /* JSON array, submitted as one request, all or nothing */
};

extern const struct golden_key golden_keys[];
extern const size_t golden_key_count;

/* The parties, the keys (made from golden_keys), the unit and the policy come first, said by the admin. */
extern const char golden_parties[];
extern const char golden_terms[];

extern const struct golden_step golden_steps[];
extern const size_t golden_step_count;

#define GOLDEN_INCIDENT "fuel-2016"

#endif
