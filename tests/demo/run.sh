#!/usr/bin/env bash
# The whole story on the embedded default: three years of one city's subsidies, with made-up firms.
#
#   GRANTS_BIN_DIR   where the programs `grants` and `grants-audit` are
#   GRANTS_OUT       where to write (default: out/ at the top of the repository)
#   GRANTS_LOG       where the log lies, such as kafka://127.0.0.1:9092/demo, if not in the data directory; the process that
#                    writes it is started and stopped here, and the root is the same
#
# The ledger is a simulated one: its times come from this script, so its root is always the same. Run again, nothing is
# added, because every order has the id that follows from it.
#
# The file `root` beside this script holds the number of events and the root. What changes an event (books, catalogue,
# orders, encodings) changes them; renew the file then, after a run into an empty folder:
#   sed -n 2,3p out/demo-data/checkpoint >tests/demo/root
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
bin=${GRANTS_BIN_DIR:?the folder with the built programs}
out=${GRANTS_OUT:-$top/out}
data=$out/demo-data
export LC_ALL=C.UTF-8

grants() { "$bin/grants" --data "$data" --lang zh "$@"; }
say() { printf '\n\033[1m━━ %s\033[0m\n' "$*"; }
events() { if [ -f "$data/checkpoint" ]; then sed -n 2p "$data/checkpoint"; else echo 0; fi; }

mkdir -p "$out"
before=$(events)

# ── the example workbooks, from the csv files in this folder ─────────────────────────────────────────────────────
rm -rf "$out/books" && mkdir -p "$out/books"
for book in "$here"/books/*/; do
    "$bin/grants" --lang zh template "$out/books/$(basename "$book").xlsx" --from "$book" >/dev/null
done

if [ ! -f "$data/ledger.toml" ]; then
    say "建立台账（模拟台账：编号、时间、密钥来自脚本）"
    rm -rf "$data"
    grants init --name 驻马店市示例 --as policy:sun --at 2024-08-01T09:00:00+08:00 --simulated \
        --ledger-id 0d170000000000000000000000000001 \
        --seed 6772616e74732064656d6f206c6564676572206f66207468652073686f770a00 \
        ${GRANTS_LOG:+--log "$GRANTS_LOG" --single-broker --interval-ms 500}
fi
if [ -f "$data/log.toml" ]; then
    "$bin/grants" --data "$data" serve >"$out/serve.log" 2>&1 &
    writer=$!
    trap 'kill "$writer" && wait "$writer"' EXIT
fi

say "先交来一份有一处错误的工作簿：整份退回，指明单元格，台账不变"
rm -rf "$out/wrong" && cp -r "$here/books/2024-autumn" "$out/wrong"
sed -i '2s/2024-07-15/2024年7月15日/' "$out/wrong/evidence.csv"
rm -f "$out/books/2024-autumn-wrong.xlsx"
"$bin/grants" --lang zh template "$out/books/2024-autumn-wrong.xlsx" --from "$out/wrong" >/dev/null
if grants import "$out/books/2024-autumn-wrong.xlsx" --as intake:zhao --at 2024-09-10T08:00:00+08:00; then
    echo "the wrong workbook was taken" >&2
    exit 1
fi
rm -rf "$out/wrong"

# Answers of the bank, made from the payment list: everything succeeds but one, whose account is closed.
bank() { # LIST DAY FAILING-APPLICATION
    printf '支付申请号,结果,金额（元）,银行流水号,日期,原因\n'
    tail -n +2 "$1" | tr -d '\r' | awk -F, -v day="$2" -v failing="$3" '{
        if ($3 == failing) printf "%s,失败,,,%s,收款账户已销户\n", $1, day;
        else printf "%s,成功,%s,SL%s,%s,\n", $1, $9, substr($1, 4), day;
    }'
}

season() { # BOOK TITLE IMPORT-DAY REVIEW-DAY APPROVAL-DAY PAY-DAY BANK-DAY FAILING-APPLICATION
    say "$2"
    grants import "$out/books/$1.xlsx" --at "$3T09:00:00+08:00" \
        --as intake:zhao --as registrar:qian --as finance:chen --as policy:sun
    echo "· 审核（reviewer:li）"
    grants decide --as reviewer:li --at "$4T09:00:00+08:00"
    echo "· 审批（approver:wang）"
    grants decide --as approver:wang --at "$5T09:00:00+08:00"
    echo "· 支付"
    grants export payments --format xlsx --out "$out/payments-$1.xlsx" --as finance:chen --at "$6T09:00:00+08:00"
    grants export payments --format csv --out "$out/payments-$1.csv" --as finance:chen --at "$6T09:00:00+08:00" >/dev/null
    bank "$out/payments-$1.csv" "$7" "$8" >"$out/bank-results-$1.csv"
    if [ "$(wc -l <"$out/bank-results-$1.csv")" -gt 1 ]; then
        grants settle "$out/bank-results-$1.csv" --as finance:chen --at "$7T17:00:00+08:00"
    fi
}

season 2024-autumn "2024 年秋：更正后的工作簿，首批申报" 2024-09-10 2024-09-12 2024-09-14 2024-09-18 2024-09-19 A-2024-006
season 2024-winter "2024 年冬：指标追加，排队的先得；上限跨项目、跨县区" 2024-12-05 2024-12-09 2024-12-11 2024-12-16 2024-12-17 -
season 2025-summer "2025 年夏：支付之后省级资金才公布、发票红冲" 2025-07-07 2025-07-09 2025-07-11 2025-07-16 2025-07-17 -

say "追回：规则只是提出，由人以决定书逐笔决定"
recoveries=$(grants --json summary | tr '{' '\n' | grep -o '"recovery":"RC-[0-9]*"' | grep -o 'RC-[0-9]*')
number=0
printf '追回编号,决定书文号\n' >"$out/recoveries.csv"
for recovery in $recoveries; do
    number=$((number + 1))
    printf '%s,示例驻财追〔2025〕%d号\n' "$recovery" "$number" >>"$out/recoveries.csv"
done
grants import "$out/recoveries.csv" --as approver:he --at 2025-07-21T09:00:00+08:00

say "追回的款项到账"
recovery=${recoveries%%$'\n'*}
amount=$(grants --json show recovery "$recovery" | grep -o '"amount":"[0-9.]*"' | head -1 | grep -o '[0-9.]*')
printf '追回编号,金额（元）,银行流水号,日期\n%s,%s,SL-%s,2025-08-20\n' "$recovery" "$amount" "$recovery" >"$out/receipts.csv"
grants import "$out/receipts.csv" --as finance:chen --at 2025-08-20T17:00:00+08:00

season 2026-summer "2026 年夏：贷款贴息第二年" 2026-07-06 2026-07-08 2026-07-10 2026-07-15 2026-07-16 -
season 2027-summer "2027 年夏：贷款贴息第三年，政策到期" 2027-07-05 2027-07-07 2027-07-09 2027-07-14 2027-07-15 -

say "汇总"
grants summary
grants export caps --out "$out/caps.xlsx" --at 2027-07-16T09:00:00+08:00

say "说明一笔：A-2024-202（单户上限跨三个项目、三个县）"
grants explain A-2024-202

say "审计：只凭日志和公钥，从头核对、重新决定"
rm -rf "$out/bundle"
grants bundle "$out/bundle"
"$bin/grants-audit" --lang zh verify "$out/bundle" --vkey "$data/vkey"
if [ ! -f "$data/log.toml" ]; then
    "$bin/grants-audit" --lang zh verify "$data" --vkey "$data/vkey"
fi

say "旁证：只按格式说明写成的 Python 脚本，不用本项目的程序，再核一遍"
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import cryptography' 2>/dev/null; then python=$candidate && break; fi
done
if [ -n "$python" ]; then
    "$python" "$top/tests/outsider/verify_bundle.py" "$out/bundle" --vkey "$data/vkey"
else
    echo "没有做：这台机器的 python3 没有 cryptography（deploy/install-build-tools.sh 会安装）。"
fi

after=$(events)
say "台账共 $after 个事件，根 $(sed -n 3p "$data/checkpoint")"
if [ "$before" = "$after" ]; then
    echo "再次运行，没有新增事件。"
elif [ "$before" = "$(sed -n 1p "$here/root")" ]; then
    echo "the ledger was whole, and running again has added $((after - before)) events" >&2
    exit 1
fi
if ! sed -n 2,3p "$data/checkpoint" | diff "$here/root" - >&2; then
    echo "these are not the events and the root of tests/demo/root; if $data is of another version, remove it;" \
        "else see the head of $0" >&2
    exit 1
fi
echo "支付清单、银行结果、限额表和审计包在 $out"
