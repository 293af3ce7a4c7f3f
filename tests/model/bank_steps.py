# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of the bank's own: fees, which the platform owes the trust at once, and interest, which nobody has yet."""
import words


class BankSteps:
    def do_fee(self, amount):
        """Out of money of somebody who is in no incident, so that it is there; the platform owes as much from then on."""
        self.lodged_beside += amount
        self.put("deposit", merchant="Q", amount=amount)
        self.fees += amount
        self.put("fee", amount=amount)

    def do_make_good(self, part):
        if not self.fees:
            return False
        amount = max(1, self.fees * part // 100)
        self.fees -= amount
        self.cash += amount
        self.put("make_good", amount=amount)

    def do_bank_interest(self, amount):
        """As long as nobody is named for it, it is nobody's."""
        self.count_of_interest += 1
        self.nobodys[self.count_of_interest] = amount
        self.cash += amount
        self.put("bank_interest", number=self.count_of_interest, amount=amount)

    def refused_make_good(self):        # more than was taken
        return [dict(amount=self.fees + 1)]

    def look_bank(self):
        self.account("1160", "P", "", self.fees)
        self.account("2010", "Q", "", self.lodged_beside)
        for number, amount in self.nobodys.items():
            self.account("2160", "-", "@$got%d" % number, amount)
