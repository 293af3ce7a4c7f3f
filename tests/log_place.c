/* SPDX-License-Identifier: Apache-2.0 */
#include "log_place.h"

void log_place_make(struct log_place *place)
{
	place->random = support_random_start();
	support_directory_make(&place->directory);
	assert_ok(log_tables_create(place->directory.path));
	assert_ok(log_tables_open(&place->tables, place->directory.path, false));
}

int log_place_tear_down(void **state)
{
	struct log_place *place = *state;

	log_tables_close(&place->tables);
	support_directory_remove(&place->directory);
	return 0;
}

MDB_txn *log_place_begin(const struct log_place *place)
{
	MDB_txn *transaction;

	assert_int_equal(mdb_txn_begin(place->tables.environment, NULL, 0, &transaction), MDB_SUCCESS);
	return transaction;
}
