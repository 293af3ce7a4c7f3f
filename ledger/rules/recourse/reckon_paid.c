/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/reckon_paid.h"

#include "base/try.h"

#include <assert.h>
#include <string.h>

/* What was paid out to a party, and is not to be its own by now. */

/*
 * What was paid out is final, also where a loss that became known after it needs the money: it was the party's own, which
 * it then has not paid; or others', and then its pools have paid so much less for it. Of others' money by a judgment that
 * does not stand any more it is to have what it would have by this one. Who had no more than it is to have paid all
 * that it paid.
 */
static enum recourse_error take_paid_out(struct waterfall *fall, const bool *undue)
{
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		if (!undue[index])
			continue;
		int64_t there = party->paid_out - fall->unpaid[index];
		int64_t own = amount_least(there, fall->cash[index] - party->interest_final);
		fall->cash[index] -= own;
		fall->had[index] = amount_beyond(fall->had[index], own);
		fall->kept[index] = party->replaced ? fall->unpaid[index] + own : party->paid_out;
		if (party->replaced)
			continue;
		fall->credited[index] = amount_beyond(fall->credited[index], there - own);
		fall->lent[index] = there - own;
		TRY(amount_add_steps(fall->gone, fall->lent[index], &fall->gone));
	}
	return RECOURSE_OK;
}

/* What had been its own payment and was taken back is made up for by nobody: of what it had beyond what it is to have. */
static bool find_taken_back(const struct waterfall *fall, int64_t *owed)
{
	bool more = false;
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		int64_t stands = amount_beyond(party->received, party->interest_final);
		int64_t beyond = fall->unpaid[index] + fall->lacks[index];
		owed[index] = amount_least(amount_beyond(party->paid_own, stands), beyond);
		more = more || owed[index] > fall->unpaid[index];
	}
	return more;
}

enum { PAID_OUT_TIMES = 4 };
/* Somebody had more by another judgment than it is to have by this one. */
static bool had_undue(const struct waterfall *fall)
{
	size_t index = 0;
	while (index < fall->in->count && !(fall->in->parties[index].replaced && fall->lacks[index] > 0))
		index++;
	return index < fall->in->count;
}

/*
 * What a party owes back by its name is no money that its pools have not paid: with that it is reckoned anew, each time with
 * more of it, as what is not there falls on those who keep what others paid. That alone may grow by a step each time. So the
 * last time only those owe more who were paid by another judgment, and then nothing is undue:
 *   what is to be theirs is found in keep_returned(), by nothing of theirs but `cash`, which is less what is `own`;
 *   they lack at most paid_out - unpaid - own, so that own = min(paid_out - unpaid, cash) is as it was when they owe that too;
 *   `kept` is more by what they lacked, and they lack nothing.
 */
static enum recourse_error run_undue(
	struct waterfall *fall, struct reckon *in, const bool *undue, int64_t *owed)
{
	for (int time = 0; time < 2 || had_undue(fall); time++) {
		assert(time < PAID_OUT_TIMES);
		reckon_begin(fall, in, owed);
		TRY(take_paid_out(fall, undue));
		TRY(reckon_run(fall));
		const bool again = time < PAID_OUT_TIMES - 2;
		for (size_t index = 0; index < in->count; index++)
			owed[index] = fall->lacks[index] +
				      (again ? in->parties[index].shortfall : fall->unpaid[index]);
	}
	return RECOURSE_OK;
}

/* Who had more than it is to have: of these who were paid by another judgment, whatever they had. */
static bool find_undue(const struct waterfall *fall, bool *undue)
{
	bool more = false;
	for (size_t index = 0; index < fall->in->count; index++) {
		bool lacks = fall->in->parties[index].replaced || fall->lacks[index] > 0;
		more = more || (lacks && !undue[index]);
		undue[index] = undue[index] || lacks;
	}
	return more;
}

static enum recourse_error run_as(
	struct waterfall *fall, struct reckon *in, const bool *undue, const int64_t *owed)
{
	reckon_begin(fall, in, owed);
	TRY(take_paid_out(fall, undue));
	return reckon_run(fall);
}

/*
 * What these keep others may lack: of that they owe first what of their own was taken back, and these keep the rest, too, before
 * anybody owes anything else back.
 */
static enum recourse_error run_paid_out(
	struct waterfall *fall, struct reckon *in, int64_t *taken_back, bool *undue)
{
	do {
		int64_t owed[SPREAD_MAX];
		do {
			TRY(run_as(fall, in, undue, taken_back));
			if (fall->lacking > 0 && find_taken_back(fall, taken_back))
				TRY(run_as(fall, in, undue, taken_back));
		} while (fall->lacking > 0 && find_undue(fall, undue));
		memcpy(owed, taken_back, sizeof owed);
		TRY(run_undue(fall, in, undue, owed));
	} while ((fall->lacking > 0 || had_undue(fall)) && find_undue(fall, undue));
	return RECOURSE_OK;
}

/* Beside that a step already had stays. */
static bool keeps_more(const struct waterfall *fall, size_t index)
{
	return fall->lacks[index] > 1;
}

static bool find_keeping(const struct waterfall *fall, bool *keep)
{
	bool more = false;
	for (size_t index = 0; index < fall->in->count; index++) {
		keep[index] = fall->in->parties[index].replaced || keeps_more(fall, index);
		more = more || keeps_more(fall, index);
	}
	return more;
}

/* Beside what of its own was taken back. */
static bool owes_back(const struct waterfall *fall, const struct waterfall *before, const int64_t *taken_back)
{
	bool owes = false;
	for (size_t index = 0; index < fall->in->count; index++) {
		int64_t due = fall->back[index] + fall->above[index] + taken_back[index];
		owes = owes || (keeps_more(before, index) && fall->in->parties[index].shortfall > due);
	}
	return owes;
}

/*
 * Who had more than it is to have keeps it, and others who stand above their share have so much less: as far as there is what others
 * bear, for else what is theirs by name would make up for what bounced.
 */
static enum recourse_error run_keeping(struct waterfall *fall, struct reckon *in, int64_t *taken_back)
{
	const struct waterfall before = *fall;
	const struct reckon reckoned = *in;
	bool undue[SPREAD_MAX];
	if (!find_keeping(fall, undue))
		return RECOURSE_OK;
	TRY(run_paid_out(fall, in, taken_back, undue));
	if (owes_back(fall, &before, taken_back))
		return RECOURSE_OK;
	*fall = before;
	*in = reckoned;
	return RECOURSE_OK;
}

/*
 * Who had back what was more than it owed, and is to have less of its own money by now, has not paid that, as if it had paid it in
 * as what it owes back: no contribution is due to it for that. What it had as contribution it was due for all that it paid.
 */
static bool take_paid_over(struct waterfall *fall, const struct waterfall *before)
{
	bool more = false;
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		int64_t there = amount_beyond(party->paid_over, fall->unpaid[index]);
		int64_t own = amount_least(there, fall->cash[index] - party->interest_final);
		if (party->paid_over <= before->beyond[index])
			continue;
		fall->cash[index] -= own;
		fall->had[index] = amount_beyond(fall->had[index], own);
		fall->kept[index] += own;
		fall->had_over[index] = own;
		more = true;
	}
	return more;
}

static enum recourse_error run_paid_over(struct waterfall *fall, struct reckon *in, const int64_t *owed)
{
	const struct waterfall before = *fall;
	reckon_begin(fall, in, owed);
	if (take_paid_over(fall, &before))
		return reckon_run(fall);
	*fall = before;
	return RECOURSE_OK;
}

enum recourse_error reckon_paid(struct waterfall *fall, struct reckon *in)
{
	int64_t owed[SPREAD_MAX] = {0};
	bool undue[SPREAD_MAX] = {false};
	reckon_begin(fall, in, owed);
	TRY(reckon_run(fall));
	if (find_taken_back(fall, owed)) {
		reckon_begin(fall, in, owed);
		TRY(reckon_run(fall));
	}
	if (fall->lacking == 0 && !had_undue(fall))
		TRY(run_paid_over(fall, in, owed));
	if (fall->lacking == 0 && !had_undue(fall))
		return run_keeping(fall, in, owed);
	(void)find_undue(fall, undue);
	return run_paid_out(fall, in, owed, undue);
}
