/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/reckon.h"

/*
 * reckon(), and where something is kept what is asked of whom as if that had not been settled, to the step: what nobody serves or bears
 * of it stays inchoate. OVERFLOW. At every time
 *
 *   settled  = advances_served + own + freed + unborne + inchoate + Σ open
 */
enum recourse_error reckon_kept(struct reckon *reckon);
