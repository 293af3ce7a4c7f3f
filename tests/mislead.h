/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record.h"
#include "kit.h"

/*
 * A service led astray, for the tests of the audit: its state is doctored while it runs, so that its code, which is as
 * it should be, decides what it would have refused, and writes a log in perfect order.
 */
typedef void doctor(struct state_view *view);

/* Changes the state of the running service and commits it, as if it had followed from the log. */
void mislead(struct kit *kit, doctor *change);

/* What a doctor needs: a record that must be there, one that is put or forgotten past all that is kept up with it. */
void mislead_get(struct state_view *view, const struct record_path *path, void *record, size_t size);
void mislead_put(struct state_view *view, const struct record_path *path, const void *record, size_t size);
void mislead_forget(struct state_view *view, const struct record_path *path);

/*
 * What the audit's invariants say of the state as it stands in the writer's overlay, which is forgotten then: that text
 * within; NULL: nothing is wrong.
 */
void mislead_invariants(const struct kit *kit, const char *text);

/* A number of a record, at that offset, is one too many: mislead_invariants(), after which nothing is wrong. */
void mislead_number(struct kit *kit, const struct record_path *path, size_t member, const char *text);

/* The record of the key that the kit calls by that name. */
struct record_path mislead_key_path(const char *name);

/* The service is stopped after a signature, and the audit must find that entry with that text. */
void mislead_found(struct kit *kit, uint64_t entry, const char *text);
#define MISLEAD_FIGURES "the stored entry is not what its request"

/*
 * What that line of a scenario says is refused with that error, then the service is misled, then it is accepted; the audit
 * says the error.
 */
void mislead_refused(struct kit *kit, const char *error, const char *line, doctor *change);

/* It is accepted either way, but with other figures than follow. */
void mislead_figures(struct kit *kit, const char *line, doctor *change);

/* A clock that strikes within so many seconds says something else than follows. */
void mislead_clock(struct kit *kit, uint64_t seconds, doctor *change);
