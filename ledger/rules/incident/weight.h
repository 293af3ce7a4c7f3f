/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What a claim weighs in the rounds of its section: its loss once it is decided, until then a reserve, so that it ends at
 * the same share whenever it is decided. One of a lot: a linked claim has none.
 */
/*
 * The section is the caller's, who saves it: it adds up what is kept back for claims that wait for their ruling, and what is for
 * appeals that wait for their judgment.
 */
struct record_path weight_path(const struct record_section *section, slice claim);

/*
 * One lot, one reserve, the higher: what is kept back for a claim of it that fell is taken over by the next one, in the same
 * section, and back when that is given up. `fallen` may be that claim itself; empty: there was none.
 */
struct weight_former {
	int64_t reserve;
	uint64_t until; /* 0: nothing is kept back any more */
};
enum recourse_error weight_take_over(struct decision *decision, struct record_section *section, slice fallen,
	slice claim, struct weight_former *former);

/* Kept back for a claim of which so much was asked, whose lot is worth that. */
struct weight_asked {
	int64_t asked;
	int64_t lot;
	struct weight_former former;
};
enum recourse_error weight_reserve(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice claim, const struct weight_asked *asked);

/*
 * For one that came late nothing is kept back but what was taken over; what it may come to is known until it is admitted, which
 * weight_reserve() says, or refused.
 */
enum recourse_error weight_late(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice claim, const struct weight_asked *asked);

/*
 * Its lot was worth so much, and is worth another sum since use of it was recorded, or taken back. What is kept back for one that
 * was refused follows, as far as not more was asked; and what was taken over. For one that waits weight_reserve() or weight_late()
 * says the rest. Fine where nothing is kept back.
 */
struct weight_worth {
	int64_t was;
	int64_t is;
	int64_t asked; /* of its own; WEIGHT_NOT_OWN: all that is kept back is what was taken over */
};
enum { WEIGHT_NOT_OWN = -1 };
enum recourse_error weight_follow(struct decision *decision, struct record_section *section, slice claim,
	const struct weight_worth *worth);

/* It was refused: what is kept back for it is free when nobody can contest that any more. Fine where nothing is. */
enum recourse_error weight_refuse(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until);

/*
 * One that was refused waits for its ruling again: nobody can contest that refusal any more. What it had taken over stands, and
 * weight_reserve() follows.
 */
enum recourse_error weight_hear_again(struct decision *decision, struct record_section *section, slice claim);

/* Of what is contested, while an appeal of it is open: no instant. */
static const uint64_t WEIGHT_UNTIL_JUDGED = INT64_MAX;

/* What its ruling left out, or refused, can be contested until then, and is kept back as long. Fine where nothing was. */
enum recourse_error weight_contest(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until);

/* The same of what a claim took over from one that fell before it. */
enum recourse_error weight_contest_former(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until);

/* Of one that stands: the clock of its weight is due. What can still be appealed is set apart as before. */
enum recourse_error weight_lapse(struct decision *decision, struct record_section *section, slice claim);

/* It was decided: that is what it weighs from here on. */
enum recourse_error weight_decide(struct decision *decision, struct record_section *section, slice claim,
	const struct record_decided *decided);

/* It was given up. */
enum recourse_error weight_forget(struct decision *decision, struct record_section *section, slice claim);

/*
 * Adds to the section what is kept back for it where it waits for its ruling, or to be admitted, for an open appeal, and of one
 * that stands for one that can still come; or takes that off, for a sign of -1. Until when an appeal can come at the latest stays.
 */
void weight_count(struct record_section *section, const struct record_decided *weight, int64_t sign);

/* What is kept back for its lot at that instant, beside what it weighs; and how much of that its lot is not worth. */
int64_t weight_reserved(const struct record_decided *decided, uint64_t time);
int64_t weight_beyond(const struct record_decided *decided, int64_t reserved);

/* Of that: what a ruling left out that nobody has appealed yet, and until when somebody can. Of one that was ruled on. */
int64_t weight_contestable(const struct record_decided *decided, uint64_t time, uint64_t *until);

/* What it adds to what is promised: the scheme's part of it, or what pools gave beyond that. */
struct weight_standing {
	int64_t part;      /* of the pool */
	int64_t recovered; /* its part of what recoveries were paid out for its uncovered loss */
	int64_t promised;
	int64_t beyond; /* of its part: what is beyond what is left of its loss */
	bool covered;
};
enum recourse_error weight_standing(struct decision *decision, const struct record_section *section,
	slice claim, struct weight_standing *standing);

/*
 * A ruling was changed: that is what it weighs in rounds to come, and `back` of its part went back. What it has had of
 * rounds before stays. The section's promise is changed and not saved.
 */
struct weight_change {
	int64_t loss;
	int64_t approved;
	int64_t elsewhere;
	int64_t back;
	int64_t recovered_back; /* and of its part of recoveries */
};
enum recourse_error weight_change(struct decision *decision, struct record_section *section, slice claim,
	const struct weight_change *change);
