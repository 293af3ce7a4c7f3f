/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: what secures a merchant's customers (A2, A3, A6, A8). */

/* How much a merchant has to lodge (A2): a version of a policy. */
enum requirement_basis { REQUIREMENT_FIXED, REQUIREMENT_RATIO };
enum issuer_class { CLASS_SCALE, CLASS_GROUP, CLASS_BRAND, CLASSES };
struct record_requirement {
	struct unit unit;
	uint64_t entry;
	int64_t amount;         /* basis fixed */
	int64_t ratio[CLASSES]; /* hundredths of a percent of what is not performed, by the issuer's class */
	int64_t offset_share; /* of what is required, that instruments may stand for: hundredths of a percent */
	int64_t top_up_days;
	uint32_t basis;
	uint32_t reserved;
	char calendar[TEXT_ID_SIZE]; /* whose working days they are; empty: plain days */
};
struct record_class {
	uint64_t entry;
	uint64_t issuer_class;
};

/* What a merchant owes in prepaid value in a currency, and what secures it. */
enum { COLLATERAL_ISSUERS_MAX = 64 };
struct record_collateral {
	struct unit unit;
	int64_t held;        /* of its deposit: available, frozen, held by an exit */
	int64_t exposure;    /* prepaid and not performed, over all issuers */
	int64_t instruments; /* what is left of the limits of those in force */
	int64_t gross;       /* required, before instruments are offset */
	int64_t required;
	int64_t shortfall;
	uint64_t duty;       /* the entry that opened the duty to top up; 0: none */
	uint64_t due;        /* of it */
	uint64_t clock;      /* that restricts it then; 0: it has, or there is no duty */
	uint64_t restricted; /* the entry by which it is overdue; 0: it is not */
	uint64_t withdrawal; /* the entry of the one under way; 0: none */
	uint64_t assigned;   /* the entry that put it under its policy */
	uint32_t merchant;
	uint32_t custodian;
	uint32_t issuers;
	uint32_t policy_version; /* 0: nothing is required */
	char policy[TEXT_ID_SIZE];
};

/* An issuer's share of what secures a merchant that sold its cards. */
struct record_share {
	int64_t cash;
	int64_t instruments;
};

struct record_issuer {
	struct unit unit;
	int64_t exposure;    /* over all merchants and channels */
	int64_t cash;        /* the shares added up, whoever keeps it */
	int64_t instruments; /* and of instruments */
	uint64_t looked;     /* the entry that looked at it last; 0: none did */
	uint64_t alert;      /* the entry that found it at another level than before; 0: none did */
	uint64_t watch;      /* when it is looked at next; 0: it is not */
	uint32_t level;      /* how many thresholds its coverage is below */
	uint32_t issuer;
};

/* Thresholds of coverage (A8), from the highest down. */
enum { WARNING_LEVELS_MAX = 8 };
struct record_threshold {
	int64_t below; /* hundredths of a percent */
	char level[TEXT_ID_SIZE];
};
struct record_warning {
	uint64_t entry;
	uint64_t version;
	uint64_t watch_hours;
	uint64_t count;
	struct record_threshold thresholds[WARNING_LEVELS_MAX];
};
struct record_alert {
	int64_t exposure;
	int64_t cash;
	int64_t instruments;
	uint64_t ratio; /* hundredths of a percent, at most COVERAGE_RATIO_MAX */
	uint32_t issuer;
	uint32_t level;
	uint32_t before;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

/* What reaches many merchants or issuers is done in steps, by clocks. */
enum { SWEEP_KEY_SIZE = 160 };
struct record_sweep {
	uint64_t kind;
	uint64_t done;
	uint64_t prefix; /* how much of the key all rows begin with */
	uint64_t size;   /* of the key to go on from */
	uint64_t clock;  /* of the next step */
	uint8_t key[SWEEP_KEY_SIZE];
};

/*
 * What secures a merchant's obligations beside its deposit (A6). At every time
 *
 *   left = limit + given_back − called − lapsed
 */
enum instrument_kind {
	INSTRUMENT_BOND,
	INSTRUMENT_INSURANCE,
	INSTRUMENT_GUARANTEE_FUND,
	INSTRUMENT_BLOCKED_SETTLEMENT,
};
struct record_instrument {
	struct unit unit;
	uint64_t entry;
	uint64_t expires;
	uint64_t clock;       /* strikes then; 0: it has ended */
	uint64_t ended_entry; /* 0: it has neither expired nor been cancelled */
	uint64_t renewed;     /* the entry that renewed it last, and stands; 0: none */
	int64_t limit;        /* in aggregate */
	int64_t claim_limit;  /* for each claim; 0: none */
	int64_t deductible;   /* from each claim */
	int64_t left;         /* of the limit; zero once it has ended */
	int64_t called;
	int64_t given_back; /* called, refused, and in the limit again */
	int64_t lapsed;     /* was left when it ended */
	uint32_t merchant;
	uint32_t provider;
	uint32_t kind;
	uint32_t draw; /* 1 is drawn first; then by id */
	uint32_t state;
	uint32_t incidents; /* that it was called for */
	uint8_t document_hash[32];
};

/* What it was until an entry renewed it. */
struct record_renewed {
	uint64_t before; /* the entry that had renewed it last; 0: none */
	uint64_t expires;
	uint8_t document_hash[32];
};

/* What was called from an instrument for a section; one receivable at a time, under the entry that opened it. */
struct record_instrument_call {
	int64_t called;
	int64_t paid;
	int64_t refused;
	int64_t used;     /* of what was paid: shared out */
	int64_t returned; /* of what was paid: owed to its provider again, */
	int64_t paid_out; /* of which it was paid */
	uint64_t entry;   /* of the receivable, and its instant */
	uint64_t since;
	uint64_t last_entry;
};
