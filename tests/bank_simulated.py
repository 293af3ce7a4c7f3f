# SPDX-License-Identifier: Apache-2.0
"""A bank that is made for a test, and a ledger that is asked and told through the program.

The bank knows what its customer's files say and nothing else: it reads pain.001, pays each id once, and writes pain.002,
camt.053 and camt.054. What it paid is its own word, which the ledger has to come to."""

import datetime
import json
import os
import subprocess
import uuid
import xml.etree.ElementTree as xml

RECOURSE = os.environ["RECOURSE"]
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
DAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def money(fen):
    return f"{fen // 100}.{fen % 100:02d}"


def fen(text):
    return int(text.replace(".", ""))


def run(*words, key=None, text=None, kill_after=None):
    """The program: its exit code, what it said, and what it complained of. 137: it was killed. What had no answer in time, 75, is
    asked again under the same id, as it says."""
    if words[0] == "submit" and "--request" not in words and kill_after is None:
        words = words + ("--request", str(uuid.uuid4()))
        for again in range(30):
            result = once(*words, key=key, text=text)
            if result[0] != 75:
                break
        return result
    return once(*words, key=key, text=text, kill_after=kill_after)


def once(*words, key=None, text=None, kill_after=None):
    words = [RECOURSE, *words] + (["--key", f"led/keys/{key}"] if key else [])
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            said, wrong = child.communicate(text or "", timeout=kill_after)
        except subprocess.TimeoutExpired:
            child.kill()
            said, wrong = child.communicate()
            return 137, said, wrong
    return child.returncode, said, wrong


def submit(key, commands, *options):
    """Commands as (name, fields), in one request."""
    lines = "\n".join(json.dumps({"command": name, **fields}) for name, fields in commands)
    return run("submit", "-", *options, key=key, text=lines)


def must(what, result):
    code, said, wrong = result
    if code != 0:
        raise SystemExit(f"{what}: exit code {code}: {said[-500:]} {wrong[-2000:]}")
    return said


def bulk(key, commands, chunk=1000):
    for at in range(0, len(commands), chunk):
        must(commands[at][0], submit(key, commands[at : at + chunk], "--brief"))


def ask(method, key="payer", **fields):
    code, said, wrong = run("query", method, *(f"{name}={value}" for name, value in fields.items()), "--json", key=key)
    return json.loads(said) if code == 0 else {"error": wrong}


def payments(batch):
    """All of a batch, as the ledger has them now."""
    rows, start = [], 0
    while start is not None:
        page = json.loads(must("batch.payments", run("query", "batch.payments", f"batch={batch}", f"from={start}", "limit=500", "--json", key="payer")))
        rows += page["payments"]
        start = page.get("next")
    return rows


def claims(incident, ids, amounts):
    """A holder, a card, a claim and an approval each."""
    bulk("maker", [("entitlement.issue", {"entitlement": f"card-{id}", "holder": f"h-{id}", "issuer": "Y", "merchant": "M",
        "channel": "app", "unit": "L", "quantity": "1.000", "cost": money(amount), "currency": "CNY", "evidence": "absent",
        "evidence_hash": "ab" * 32}) for id, amount in zip(ids, amounts)])
    bulk("agent", [("claim.file", {"claim": id, "incident": incident, "entitlement": f"card-{id}", "channel": "phone"})
        for id in ids])
    bulk("maker", [("claim.decide", {"claim": id, "outcome": "approve"}) for id in ids])


def distributed(ids, amounts, deposit):
    """The incident i of M, whose deposit is the line b-1, is declared; what was claimed in it and approved is shared out."""
    must("deposit", run("submit", "deposit.receive", "merchant=M", f"amount={money(deposit)}", "unit=CNY", "bank_reference=b-1", key="bank"))
    must("incident", run("submit", "incident.declare", "incident=i", "merchant=M", "issuer=Y", "funder=P", "policy=fuel-card", "version=1",
        "reason=liquidation", key="maker"))
    claims("i", ids, amounts)
    must("distribution", run("submit", "distribution.approve", "incident=i", key="checker"))


class Checks:
    """Called with what has to hold; the first that does not ends the test, and says how it can be had again. Counts those that held."""

    def __init__(self, again=""):
        self.held, self.again = 0, again

    def __call__(self, what, holds, seen=""):
        if not holds:
            raise SystemExit(f"{what}{self.again}: {seen}")
        self.held += 1


class Accounts:
    """What the platform knows outside of the ledger: names and accounts of payees."""

    def __init__(self):
        self.rows = {}
        must("payee key", run("payee", "key", "accounts.key"))
        with open("bank.conf", "w") as file:
            file.write("debtor-name = Platform\ndebtor-account = 62220001\ndebtor-bank = 105100000017\n")

    def _note(self, payees):
        self.rows.update(payees)
        with open("payees.csv", "w") as file:
            file.write("payee,name,account,bank\n")
            for payee, account in self.rows.items():
                file.write(f"{payee},Holder {payee},{account},102100099996\n")
        return must("payee hash", run("payee", "hash", "--key", "accounts.key", text="".join(account + "\n"
            for account in payees.values()))).split()

    def add(self, payees):
        """Of claims: {id: account}, each a payee p-ID of its holder h-ID."""
        hashes = self._note({f"p-{id}": account for id, account in payees.items()})
        bulk("agent", [("payee.register", {"payee": f"p-{id}", "holder": f"h-{id}", "account_hash": hash, "rail": "bank"})
            for id, hash in zip(payees, hashes)])

    def change(self, payees):
        """To another account; by two people, and it rests for a day."""
        hashes = self._note({f"p-{id}": account for id, account in payees.items()})
        code, said, wrong = submit("maker", [("payee.change", {"payee": f"p-{id}", "account_hash": hash, "reason": "wrong"})
            for id, hash in zip(payees, hashes)], "--json")
        must("payee.change", (code, said, wrong))
        bulk("checker", [("proposal.approve", {"proposal": result["entry"]}) for result in json.loads(said)["results"]])


def export(batch, directory):
    """Its files, and the commands that say that they went out."""
    code, said, wrong = run("pay", "export", batch, "--payees", "payees.csv", "--account-key", "accounts.key", "--form",
        "bank.conf", "--day", DAY, "--to", directory, key="payer")
    sent = [line.split()[2:] for line in said.splitlines() if line.startswith("  recourse submit ")]
    return code, sent, wrong


class Bank:
    """One account. `paid` and `back` are by id; lines have references that are the bank's own."""

    def __init__(self, opening):
        self.balance = opening
        self.orders = {}  # id: fen
        self.paid = {}  # id: fen
        self.back = {}  # id: fen that came
        self.fees = 0
        self.line_of = {}  # id: the line that is of it alone
        self.number = 0
        self.lines = 0
        self.day = DAY

    def take(self, directory):
        """Reads what came to pay; the ids that are new, in the files' order."""
        new = []
        for name in sorted(os.listdir(directory)):
            root = xml.parse(os.path.join(directory, name)).getroot()
            space = root.tag[: root.tag.index("}") + 1]
            for order in root.iter(space + "CdtTrfTxInf"):
                id = order.find(f".//{space}EndToEndId").text
                amount = fen(order.find(f".//{space}InstdAmt").text)
                if id not in self.orders:
                    self.orders[id] = amount
                    new.append(id)
        return new

    def report(self, name, rows):
        """pain.002: (id, status, reason or None)."""
        with open(name, "w") as file:
            file.write(f'<Document xmlns="{NAMESPACE}pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>{name}</MsgId></GrpHdr>\n'
                "<OrgnlGrpInfAndSts><OrgnlMsgId>m</OrgnlMsgId></OrgnlGrpInfAndSts>"
                "<OrgnlPmtInfAndSts><OrgnlPmtInfId>b</OrgnlPmtInfId>\n")
            for id, status, reason in rows:
                why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
                file.write(f"<TxInfAndSts><OrgnlEndToEndId>{id}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}<OrgnlTxRef><Amt>"
                    f'<InstdAmt Ccy="CNY">{money(self.orders.get(id, 100))}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n')
            file.write("</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n")

    def _entry(self, credit, amount, details="", charges=0, reference=None):
        self.lines += 1
        self.balance += amount if credit else -amount
        side = "CRDT" if credit else "DBIT"
        kept = f'<Chrgs><Rcrd><Amt Ccy="CNY">{money(charges)}</Amt></Rcrd></Chrgs>' if charges else ""
        return (f'<Ntry><Amt Ccy="CNY">{money(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{self.day}'
            f"</Dt></BookgDt><AcctSvcrRef>{reference or f'L-{self.lines}'}</AcctSvcrRef>{kept}"
            + (f"<NtryDtls>{details}</NtryDtls>" if details else "") + "</Ntry>\n")

    @staticmethod
    def _details(id, amount, side, more=""):
        return (f'<TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs><Amt Ccy="CNY">{money(amount)}</Amt>'
            f"<CdtDbtInd>{side}</CdtDbtInd>{more}</TxDtls>\n")

    def pay(self, ids, charges=0):
        """A debit of one payment, or of many in one line."""
        details = ""
        for id in ids:
            assert id not in self.paid
            self.paid[id] = self.orders[id]
            details += self._details(id, self.orders[id], "DBIT")
        self.fees += charges
        if len(ids) == 1 and not charges:
            self.line_of[ids[0]] = f"L-{self.lines + 1}"
        return self._entry(False, sum(self.orders[id] for id in ids) + charges, details, charges)

    def send_back(self, id, reason, fee=0):
        self.back[id] = self.paid[id] - fee
        self.fees += fee
        more = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>"
        return self._entry(True, self.back[id], self._details(id, self.paid[id], "CRDT", more), fee)

    def receipt(self, amount, reference):
        return self._entry(True, amount, reference=reference)

    def statement(self, name, opening, entries, notice=False):
        """camt.053, or the notice of the same lines."""
        self.number += not notice
        kind = "BkToCstmrDbtCdtNtfctn" if notice else "BkToCstmrStmt"
        inner = "Ntfctn" if notice else "Stmt"
        balances = "" if notice else "".join(f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{money(amount)}"
            f"</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{self.day}</Dt></Dt></Bal>\n"
            for code, amount in (("OPBD", opening), ("CLBD", self.balance)))
        number = int(name.rsplit("-", 1)[1].split(".")[0]) if notice else self.number
        with open(name, "w") as file:
            file.write(f'<Document xmlns="{NAMESPACE}camt.05{4 if notice else 3}.001.08"><{kind}><GrpHdr><MsgId>{name}</MsgId></GrpHdr>'
                f"<{inner}><Id>{name}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
                f"<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>\n{balances}")
            file.writelines(entries)
            file.write(f"</{inner}></{kind}></Document>\n")
