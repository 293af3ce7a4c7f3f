/* SPDX-License-Identifier: Apache-2.0 */
#include "books/party_name.h"

enum recourse_error party_name(struct state_view *view, struct arena *arena, uint32_t number, slice *id)
{
	struct record_path path = record_path_of_short(RECORD_PARTY_NAME, number);
	char name[TEXT_ID_SIZE];
	TRY(record_get_named(view, &path, name, sizeof name));
	return arena_copy(arena, RECORD_TEXT(name), id);
}
