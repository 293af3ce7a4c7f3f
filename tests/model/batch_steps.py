# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of several incidents of one merchant, each of another batch. The first has what was lodged; what comes while
several are open goes to the one that lacks most, until it lacks nothing, then to the next; what is above to the first."""


class BatchSteps:
    def batch(self, incident):
        return self.plan.batches.get(incident, self.plan.batch)

    def batch_of_lot(self, lot):
        return self.plan.batch_of.get(lot, "one") if self.plan.batches else self.plan.batch

    def do_misfile(self, lot, incident):
        """A lot of the other's batch."""
        if incident not in self.incidents or lot not in self.lots or self.bar or self.batch_of_lot(lot) == self.batch(incident):
            return False
        self.put("file", True, claim="m-" + lot, incident=incident, lot=lot)

    def do_declare(self, incident):
        if self.plan.batches and not any(self.batch_of_lot(lot) == self.batch(incident) for lot in self.lots):
            return False                # nobody has heard of that batch
        before = self.deposits
        if self.plan.batches and self.incidents:
            self.deposits = {}
        went = super().do_declare(incident)
        self.deposits = before
        return went

    def within(self, owner):            # the first to be declared has it
        return next(iter(self.incidents), None) if self.plan.batches and owner == "M" else super().within(owner)

    def take_in(self, owner):
        if not self.plan.batches or len(self.incidents) == 1:
            super().take_in(owner)

    def do_top_up(self, owner, amount):
        return self.do_deposit(owner, amount) if len(self.incidents) > 1 else False

    def lodge(self, owner, amount):
        if not self.plan.batches or owner != "M" or not self.incidents:
            return super().lodge(owner, amount)
        if any(x["state"] in ("void", "late", "linked") for x in self.claims.values()) or self.receipts or any(
                self.contested(i) for i in self.incidents):
            return False                # what it lacks is of more than what is lost
        given, left = {}, amount
        for i in sorted(self.incidents, key=lambda i: -self.lack(i)):       # equal ones as they were declared
            given[i] = min(left, self.lack(i))
            left -= given[i]
        given[next(iter(self.incidents))] += left
        for i, x in given.items():
            filed, fresh = self.pending(i)
            if x and self.promises() and self.rounds.get(i) and (filed or fresh or not self.lacks(i, x)):
                return False
        for i, x in given.items():
            deposit = self.incidents[i].deposit
            if x:
                deposit[owner] = deposit.get(owner, 0) + x
            if x and self.rounds.get(i):
                self.late.add(i)
        return None

    def lack(self, incident):
        """Lots that can be claimed, and what was lost and had from nobody, beyond all that it has of the deposit."""
        lost = sum(x["loss"] - x["elsewhere"] - sum(x["direct"].values()) for x in self.claims.values()
                   if x["incident"] == incident and x["state"] == "decided")
        return max(0, lost + self.awaited("M", incident) - self.incidents[incident].deposit.get("M", 0))
