/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "store/log.h"

/* Pages decay, or are written to by another hand, while the service goes on for years. */

enum { LEAVES = 64 };

enum recourse_error recourse_ledger_inspect(struct recourse_ledger *ledger, bool *done)
{
	struct page_fault fault = {.page = 0};
	char path[DIRECTORY_PATH_SIZE];
	bool state = ledger->inspects_state;
	bool walked = false;
	*done = false;
	TRY(directory_path(ledger->directory.path, state ? "state" : "log", path));
	enum recourse_error error =
		state ? state_check_piece(ledger->state, &fault, &ledger->inspected, LEAVES, &walked)
		      : log_check_piece(ledger->log, &fault, &ledger->inspected, LEAVES, &walked);
	names_tell_fault(ledger, path, &fault);
	TRY(error);
	*done = state && walked;
	ledger->inspects_state = state != walked;
	return RECOURSE_OK;
}

void recourse_ledger_doubt(struct recourse_ledger *ledger)
{
	ledger->whole = false;
}
