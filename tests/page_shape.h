/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

/*
 * Shapes a page of an LMDB file, as somebody may who hands out a copy: its header, the offsets, sizes and flags of its
 * nodes, its values' pages, the first pages and the trees' records, or where the file ends. `*size` may become less.
 * What it did, for who reads that it mattered.
 */
enum { PAGE_SHAPE_SIZE = 4096 };
const char *page_shape(struct support_random *random, uint8_t *bytes, size_t *size);
