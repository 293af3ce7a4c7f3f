/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "recourse_schema.h"

/*
 * Which field of a method a column's heading is: by the field's name, however it is written ("Bank reference"), or by a word that
 * offices use for it. NULL where it is none.
 */
const struct recourse_field *import_alias_find(const struct recourse_method *method, slice heading);
