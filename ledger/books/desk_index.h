/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/declaration.h"

/*
 * The indexes of the desk's tables (tables.c): see record_desk.h, record_evidence.h, record_cover.h, record_hearing.h.
 */
bool desk_index_overdue(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_waiting(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_person(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_team(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_promise(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_open_promise(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_owed_promise(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_open_flag(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_paper(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_asked(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_silent(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_note(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_erased_key(const struct table_key *row, const void *record, struct record_path *path);
bool desk_index_hearing(const struct table_key *row, const void *record, struct record_path *path);
