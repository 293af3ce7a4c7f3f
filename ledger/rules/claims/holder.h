/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/*
 * Who sees to a claim (D2): a person, or a team until one of its members takes it. Where that person speaks no more it is the
 * team's that it was taken from; where there is none, or no member of it speaks, it is the admins' to hand over. So it is always
 * somebody's.
 */
enum holder_kind { HOLDER_PERSON, HOLDER_TEAM, HOLDER_ADMIN };
extern const char *const holder_kinds[]; /* by kind; NULL at the end */

struct holder {
	enum holder_kind kind;
	struct record_key key;   /* of who had it last, the one that answers now; all zeroes: no person has */
	struct record_desk desk; /* all zeroes where there is none */
};

enum recourse_error holder_find(
	struct state_view *view, slice claim, const struct record_claim *record, struct holder *holder);

/* The key by which a person sees to it: 0 where none does. And the team, where one does: empty otherwise. */
uint32_t holder_key(const struct holder *holder);
slice holder_team(const struct holder *holder);

/* What was promised and is owed of a claim: by when the first of it, and the entry that did; 0: nothing is. */
enum recourse_error holder_promise(struct state_view *view, slice claim, uint64_t *due, uint64_t *entry);

/* Whether that person is a member of the team by its latest version; whether any member speaks. */
enum recourse_error holder_is_member(struct state_view *view, slice team, uint32_t person, bool *member);
enum recourse_error holder_team_speaks(struct state_view *view, slice team, bool *speaks);
