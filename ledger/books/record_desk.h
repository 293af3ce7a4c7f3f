/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* Records of tables.h: the desk, where people see to claims (D2): see rules/desk/README.md. */

/* Claims that wait for somebody lie in an hour, until whose end nobody looks at them. */
struct record_due_hour {
	uint64_t clock; /* strikes at its end, and at once for what is left of it then */
	uint64_t pages; /* of claims, that it had */
};

/* What there is of a claim beyond its own record: of one that nothing was said of, and that was never late, there is none. */
struct record_desk {
	uint64_t due;           /* the claim's; 0: it waits for nobody */
	uint64_t overdue;       /* the instant that has passed; 0: none has */
	uint64_t overdue_entry; /* the clock's that said so last; 0: it never was overdue */
	uint32_t overdues;      /* how often it was */
	uint32_t reserved;
};
