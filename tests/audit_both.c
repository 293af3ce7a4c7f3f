/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_both.h"

#include "beside.h"

#include <string.h>

/* ---- a place where nothing is done before it is waited for ---- */

struct late {
	void (*work)(void *of);
	void *of;
};

static void put_off(void *context, void (*work)(void *of), void *of)
{
	struct late *late = context;
	assert_null(late->work);
	*late = (struct late){.work = work, .of = of};
}

static void make_up(void *context)
{
	struct late *late = context;
	assert_non_null(late->work);
	late->work(late->of);
	late->work = NULL;
}

/* ---- the same by each ---- */

static void again(const struct recourse_audit_options *options, const struct recourse_beside *beside,
	enum recourse_error expected, const struct recourse_audit *report)
{
	static struct recourse_audit other;
	struct recourse_audit_options with = *options;
	with.beside = beside;
	assert_error(recourse_ledger_audit(&with, &other), expected);
	assert_string_equal(other.what, report->what);
	assert_memory_equal(&other, report, sizeof other);
}

enum recourse_error audit_both(const struct recourse_audit_options *options, struct recourse_audit *report)
{
	struct late late = {.work = NULL};
	struct beside thread;
	const struct recourse_beside last = {.begin = put_off, .wait = make_up, .context = &late};
	const struct recourse_beside beside = beside_place(&thread);
	enum recourse_error error = recourse_ledger_audit(options, report);
	again(options, &last, error, report);
	again(options, &beside, error, report);
	return error;
}
