# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of an incident that was declared by mistake and cancelled: all as before; and of what is refused then, and at
ends."""
import words


class CancelSteps:
    def do_mistaken(self, incident):
        """Before the incident that there is. What comes to an owner meanwhile is frozen, and free again."""
        merchants, issuer = self.plan.incidents[incident]
        if self.mistaken or self.incidents or self.bar or self.plan.batch and not any(m in merchants for m, _ in self.lots.values()):
            return False
        self.mistaken[incident] = "open"
        self.put("mistaken", incident=incident, issuer=issuer or "Y", batch=self.plan.batch, merchant=None if issuer else merchants[0])

    def open_by_mistake(self):
        return next((i for i, state in self.mistaken.items() if state == "open"), None)

    def do_claim_mistaken(self, pick):
        """Its lot is free again."""
        incident = self.open_by_mistake()
        lots = sorted(lot for lot, (m, _) in self.lots.items() if incident and m in self.plan.incidents[incident][0]
                      and lot not in self.claimed_by_mistake)
        if not lots:
            return False
        lot = lots[int(pick * len(lots))]
        self.claimed_by_mistake.append(lot)
        self.put("claim_mistaken", incident=incident, claim=lot + "-none", lot=lot)

    def do_cancel(self):
        incident = self.open_by_mistake()
        if not incident:
            return False
        self.mistaken[incident] = "cancelled"
        self.put("cancel", incident=incident)

    def waits_for_cancel(self, kind):
        """While it is open its owners' money is its own, and nobody holds of it, leaves or asks for it."""
        return self.open_by_mistake() and kind not in ("claim_mistaken", "cancel", "deposit", "lot", "refused_at_ends")

    def cancel_all(self):
        self.step(("cancel", {}))

    # What is refused.

    def do_refused_at_ends(self, what, pick):
        some = sorted(getattr(self, "refused_" + what)(), key=repr)
        if not some:
            return False
        self.put(what, words.REFUSE_ALSO_OF_ENDS[what], **some[int(pick * len(some))])

    def cancelled(self):
        return [dict(incident=i) for i, state in self.mistaken.items() if state == "cancelled"]

    refused_cancel_again = refused_close_cancelled = cancelled

    def refused_file_cancelled(self):
        return [dict(x, claim="c-none", lot=lot) for x in self.cancelled() for lot, (m, _) in self.lots.items()
                if m in self.plan.incidents[x["incident"]][0]]

    def refused_cancel_ruled(self):     # somebody ruled
        return [dict(incident=i) for i in self.incidents if any(
            x["incident"] == i and x["state"] in ("decided", "void") for x in self.claims.values())]

    def refused_reopen_open(self):
        return [dict(incident=i) for i in self.incidents]

    def refused_contribution_beyond(self):
        """Who is not above its share, or had all of what it is above it."""
        return [dict(incident=i, party=p) for i in self.incidents if self.bar and self.settled_up(i) and not self.all_owe(i)
                for p in self.parties(i, self.seller(i)) if p != "P" and not self.is_due(i, p)]
