/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/key.h"

/*
 * The worked log, of seven leaves "entry-0" … "entry-6": what its checkpoint says, and its signatures by the log's key and
 * by a witness's. The keys are made of the seeds 00 01 02 … and 20 21 22 ….
 */
#define LOG_VKEY        "example.com/ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS_VKEY    "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
#define ROOT            "kTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0="
#define CHECKPOINT_TEXT "example.com/ledger\n7\n" ROOT "\n"
#define DASH            "\xe2\x80\x94 "
#define LOG_LINE                                                                                             \
	DASH "example.com/ledger "                                                                           \
	     "k3J95mEz3JwmzqI2h3mghDZ/XOiZcgEmNg+3oWox4CqzCLyjZRnJl9F4myeE2zn/5YiZHw29G5G+"                  \
	     "oRPMdJ/E4q29kAU=\n"
#define WITNESS_LINE                                                                                         \
	DASH "witness.example/w1 "                                                                           \
	     "IDJKvgAAAABlU/EALS+rVhDS4pn/9pewAemXmMg8BLpOvx0kBMtP5JICxhG7zhy5lIgcmgE9QapM"                  \
	     "Tk5qxn3TirnHyKhx9mjxRjZwBQ==\n"

struct worked {
	struct key_public log;
	struct key_public witness;
	struct key_secret log_secret;
	struct key_secret witness_secret;
};

extern struct worked worked;

/* Set-up and tear-down of a group of tests: opens and closes these keys. */
int worked_start(void **state);
int worked_stop(void **state);

/* `first` and what follows it, byte by byte. */
void worked_seed(uint8_t first, uint8_t seed[static CRYPTO_SEED_SIZE]);
