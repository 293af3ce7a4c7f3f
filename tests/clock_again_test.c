/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "base/instant.h"
#include "books/record_cover.h"
#include "ledger.h"
#include "rule/clock.h"

/* What refuses a clock whose work is not over: nothing that can be asked for does, so the state is led astray. */

static const struct lie lost[LIES_MAX] = {GONE(DEPOSIT, "N/CNY")};

static void close_with_two_merchants(struct kit *kit)
{
	kit_world(kit, "world.case");
	kit_play(kit, "deposit M 10.00 b-1\n"
		      "bank deposit.receive merchant=N amount=50.00 unit=CNY bank_reference=b-2\n"
		      "card-of M m 1.00\n"
		      "card-of N n 1.00\n"
		      "maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card "
		      "version=1 "
		      "reason=r\n"
		      "wait 91 days\n"
		      "checker incident.close incident=i reason=all-paid\n"
		      "wait 1 second without clocks\n"
		      "= 2010 M 10.00\n"
		      "= 2020 N i 50.00");
}

/* An end that goes on: tried again each day, and it goes on when it can. */
static void test_goes_on(void **state)
{
	struct kit *kit = *state;
	struct record_deposit deposit;
	close_with_two_merchants(kit);
	mislead_read(kit, RECORD_DEPOSIT, "N/CNY", &deposit);
	mislead_tell(kit, lost);
	kit_play(kit,
		"strike := wait 2 seconds strikes 1\n"
		"entry $strike has body.clock=close body.missed=NOT_FOUND body.again~T absent body.left\n"
		"= 2020 N i 50.00\n"
		"wait 23 hours strikes 0\n"
		"strike := wait 1 hour strikes 1\n"
		"entry $strike has body.missed=NOT_FOUND");
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, slice_text("N"), slice_text("CNY"));
	mislead_put(state_writer(kit->ledger->state), &path, &deposit, sizeof deposit);
	kit_play(kit, "strike := wait 1 day strikes 2\n"
		      "entry $strike-1 has absent body.missed body.left=50.00\n"
		      "= 2010 N 50.00\n"
		      "wait 9 days strikes 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
