/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_alias.h"

#include <ctype.h>

/* Words with commas between them. Of a word that is twice here, the first field that a method has is meant. */
static const struct {
	const char *field;
	const char *words;
} aliases[] = {
	{"amount", "金额,申请金额,索赔金额"},
	{"balance", "余额,日终余额"},
	{"bank_reference", "银行流水,银行流水号,流水号,交易流水号"},
	{"basis_hash", "裁定书哈希"},
	{"batch", "批次,批次号,发行批次"},
	{"channel", "渠道,销售渠道,受理渠道"},
	{"claim", "索赔,索赔号,申请号,申请编号,赔付申请号,索赔编号"},
	{"consumed", "已用数量,已消费数量,消费数量"},
	{"cost", "金额,购买金额,价款"},
	{"currency", "币种,货币"},
	{"day", "日期,记账日,记账日期"},
	{"entitlement", "卡号,订单号,卡号或订单号,权益编号,card,order number"},
	{"evidence", "证据状态,使用证据"},
	{"evidence_hash", "证据哈希"},
	{"excuse", "正当理由,逾期原因"},
	{"holder", "持卡人,持有人,消费者,card holder"},
	{"incident", "事件,事件编号"},
	{"issued", "购买时间,售出时间,发行时间,购买日期"},
	{"issuer", "发卡方,发行方,发卡机构"},
	{"merchant", "商户,商户号,商户编号,商家"},
	{"order", "付款指令"},
	{"origin_hash", "来源哈希"},
	{"outcome", "结论,裁定,裁定结果"},
	{"payee", "收款人,收款方"},
	{"quantity", "数量,购买数量"},
	{"reason", "原因,理由,原因代码"},
	{"reference", "流水号,记录号,消费流水号"},
	{"remaining", "剩余数量,余量"},
	{"rule", "规则"},
	{"source", "来源,查询对象"},
	{"statement_hash", "对账单哈希"},
	{"unit", "单位,计量单位"},
	{"unit", "币种,货币"},
};

static uint8_t plain_of(uint8_t byte)
{
	return byte == ' ' || byte == '-' ? '_' : (uint8_t)tolower(byte);
}

static bool is_same(slice heading, slice word)
{
	if (heading.size != word.size)
		return false;
	for (size_t index = 0; index < word.size; index++) {
		if (plain_of(heading.data[index]) != plain_of(word.data[index]))
			return false;
	}
	return true;
}

static bool has_word(slice words, slice heading)
{
	slice word;
	while (slice_take_part(&words, ',', &word)) {
		if (is_same(heading, word))
			return true;
	}
	return false;
}

static const struct recourse_field *find_field(const struct recourse_method *method, slice name)
{
	for (size_t index = 0; index < method->field_count; index++) {
		if (is_same(name, slice_text(method->fields[index].name)))
			return &method->fields[index];
	}
	return NULL;
}

const struct recourse_field *import_alias_find(const struct recourse_method *method, slice heading)
{
	const struct recourse_field *field = find_field(method, heading);
	for (size_t index = 0; field == NULL && index < sizeof aliases / sizeof aliases[0]; index++) {
		if (has_word(slice_text(aliases[index].words), heading))
			field = find_field(method, slice_text(aliases[index].field));
	}
	return field;
}
