//! Recoveries: proposed by rule, owed by a person's decision with its document.

use crate::house::{House, provincial};

const DAY: &str = "2025-03-10T09:00:00";
const LATER: &str = "2025-06-02T09:00:00";

/// A ledger with a paid award for which the province has paid as well.
fn overpaid() -> (House, String) {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.json_at(DAY, &["decide"]);
    let out = house.beside("list.csv");
    house.at(DAY, &["export", "payments", "--format", "csv", "--out", out.to_str().unwrap()]).good();
    let text = std::fs::read_to_string(out).unwrap();
    let payment = text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let head = "支付申请号,结果,金额（元）,银行流水号,日期,原因";
    let bank = house.write("bank.csv", &format!("{head}\n{payment},成功,3000000.00,SL1,2025-03-10,\n"));
    house.at(DAY, &["settle", bank.to_str().unwrap()]).good();
    house.give(LATER, "late", &[provincial("HN-2", "granted", "2025-05-30")]);
    let recovery = house.json(&["summary"])["recoveries"][0]["recovery"].as_str().unwrap().to_owned();
    (house, recovery)
}

fn status(house: &House, recovery: &str) -> String {
    house.json(&["show", "recovery", recovery])["recovery"]["status"].as_str().unwrap().to_owned()
}

#[test]
fn deciding_names_a_recovery_and_leaves_it_to_a_person() {
    let (house, recovery) = overpaid();
    let events = house.events();
    let told = house.json_at(LATER, &["decide"]);
    assert_eq!(told[0]["about"], recovery.as_str());
    assert!(told[0]["reason"].as_str().unwrap().contains("追回决定"), "{told}");
    assert_eq!(house.events(), events, "nothing was decided");
    assert_eq!(status(&house, &recovery), "proposed");
}

#[test]
fn a_person_decides_a_recovery_with_a_document_and_the_money_comes_back() {
    let (house, recovery) = overpaid();
    let sheet = house.write("recoveries.csv", "追回编号,决定书文号\n");
    assert_eq!(house.at(LATER, &["import", sheet.to_str().unwrap()]).code, 2, "no document, no decision");
    let sheet =
        house.write("recoveries.csv", &format!("追回编号,决定书文号\n{recovery},示例驻财追〔2025〕1号\n"));
    let told = house.json_at(LATER, &["import", sheet.to_str().unwrap()]);
    assert_eq!((told["recorded"].as_u64(), told["refused"].as_u64()), (Some(1), Some(0)), "{told}");
    assert_eq!(status(&house, &recovery), "approved");
    let receipts = format!("追回编号,金额（元）,银行流水号,日期\n{recovery},3000000.00,SL2,2025-06-20\n");
    let receipts = house.write("receipts.csv", &receipts);
    house.at(LATER, &["import", receipts.to_str().unwrap()]).good();
    assert_eq!(status(&house, &recovery), "received");
}
