/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/reckoned.h"

/* From here on as if all that may still be asked for were: settled, decided at its reserve, and admitted. OVERFLOW. */
enum recourse_error reckon_ask_all(struct reckon *reckon);
