/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_read.h"

#include "bank/bank_camt.h"
#include "bank/bank_csv.h"
#include "bank/bank_pain.h"
#include "base/try.h"

#include <stdlib.h>

static enum recourse_error read_messages(struct bank_source *source, struct bank_camt *camt,
	struct bank_pain *pain, struct bank_reading *reading)
{
	struct bank_xml_message messages[BANK_CAMT_MESSAGES + BANK_PAIN_MESSAGES];
	memcpy(messages, bank_camt_messages, sizeof bank_camt_messages);
	memcpy(messages + BANK_CAMT_MESSAGES, bank_pain_messages, sizeof bank_pain_messages);
	for (size_t index = 0; index < sizeof messages / sizeof messages[0]; index++)
		messages[index].context = index < BANK_CAMT_MESSAGES ? (void *)camt : (void *)pain;
	return bank_xml_read(source, messages, sizeof messages / sizeof messages[0], &reading->problems);
}

static enum recourse_error read_xml(struct bank_source *source, struct bank_reading *reading)
{
	struct bank_camt *camt = bank_camt_open(reading);
	struct bank_pain *pain = bank_pain_open(reading);
	enum recourse_error error = RECOURSE_MEMORY;
	if (camt != NULL && pain != NULL)
		error = read_messages(source, camt, pain, reading);
	bank_camt_free(camt);
	bank_pain_free(pain);
	if (error == RECOURSE_OK && reading->statements == 0 && reading->problems.count == 0)
		bank_problem_add(
			&reading->problems, 0, "", RECOURSE_FIELD_MISSING, "there is no statement in it");
	return error;
}

static enum recourse_error read_source(
	struct bank_source *source, struct bank_columns *columns, struct bank_reading *reading)
{
	enum recourse_error error =
		columns != NULL ? bank_csv_read(columns, source, reading) : read_xml(source, reading);
	if (error != RECOURSE_OK)
		return error;
	bank_reading_end(reading);
	reading->size = source->size;
	bank_source_hash(source, &reading->hash);
	return reading->fault;
}

enum recourse_error bank_read_file(
	const char *path, uint64_t size_max, struct bank_columns *columns, struct bank_reading *reading)
{
	struct bank_source *source = malloc(sizeof *source);
	if (source == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = bank_source_open(source, path, size_max);
	if (error == RECOURSE_OK)
		error = read_source(source, columns, reading);
	bank_source_close(source);
	free(source);
	return error;
}

static enum recourse_error hash_source(struct bank_source *source, struct crypto_hash *hash)
{
	slice piece;
	do {
		TRY(bank_source_next(source, &piece));
	} while (piece.size > 0);
	bank_source_hash(source, hash);
	return RECOURSE_OK;
}

enum recourse_error bank_read_hash(const char *path, uint64_t size_max, struct crypto_hash *hash)
{
	struct bank_source *source = malloc(sizeof *source);
	if (source == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = bank_source_open(source, path, size_max);
	if (error == RECOURSE_OK)
		error = hash_source(source, hash);
	bank_source_close(source);
	free(source);
	return error;
}

enum recourse_error bank_read_bytes(slice bytes, struct bank_columns *columns, struct bank_reading *reading)
{
	struct bank_source *source = malloc(sizeof *source);
	if (source == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = bank_source_of(source, bytes, UINT64_MAX);
	if (error == RECOURSE_OK)
		error = read_source(source, columns, reading);
	bank_source_close(source);
	free(source);
	return error;
}
