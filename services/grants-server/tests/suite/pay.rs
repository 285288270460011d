//! `grants export payments` and `grants settle`: what may be paid is instructed once, and again after a rejection.

use crate::house::House;
use std::fs;

const DAY: &str = "2025-03-10T09:00:00";

fn confirmed() -> House {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.json_at(DAY, &["decide"]);
    house
}

/// The payment numbers of a list.
fn listed(house: &House, name: &str) -> Vec<String> {
    let out = house.beside(name);
    house.at(DAY, &["export", "payments", "--format", "csv", "--out", out.to_str().unwrap()]).good();
    let text = fs::read_to_string(out).unwrap();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

fn answered(house: &House, name: &str, line: &str) -> String {
    let head = "支付申请号,结果,金额（元）,银行流水号,日期,原因";
    let path = house.write(name, &format!("{head}\n{line}\n"));
    house.at(DAY, &["settle", path.to_str().unwrap()]).good()
}

#[test]
fn what_the_bank_rejected_is_instructed_again_on_the_same_day() {
    let house = confirmed();
    let first = listed(&house, "first.csv");
    assert_eq!(first.len(), 1);
    let events = house.events();
    assert_eq!(listed(&house, "again.csv"), first, "the same list");
    assert_eq!(house.events(), events);
    answered(&house, "rejected.csv", &format!("{},失败,,,2025-03-10,收款账户已销户", first[0]));
    let second = listed(&house, "second.csv");
    assert_eq!(second.len(), 1);
    assert_ne!(second, first, "a new attempt");
    let events = house.events();
    assert_eq!(listed(&house, "third.csv"), second);
    assert_eq!(house.events(), events);
    let told = answered(&house, "settled.csv", &format!("{},成功,3000000.00,SL1,2025-03-10,", second[0]));
    assert!(told.starts_with("1 results recorded"), "{told}");
    let told =
        answered(&house, "settled-again.csv", &format!("{},成功,3000000.00,SL1,2025-03-10,", second[0]));
    assert!(told.starts_with("0 results recorded, 1 recorded before"), "{told}");
}

#[test]
fn a_bank_line_that_does_not_fit_settles_nothing() {
    let house = confirmed();
    let payment = listed(&house, "list.csv").remove(0);
    let head = "支付申请号,结果,金额（元）,银行流水号,日期,原因";
    let lines =
        format!("{head}\n{payment},成功,2999999.99,SL1,2025-03-10,\nPY-999999,成功,1.00,SL2,2025-03-10,\n");
    let path = house.write("bank.csv", &lines);
    let ran = house.at(DAY, &["--json", "settle", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    let told = ran.json();
    assert_eq!(told["recorded"], 0);
    assert_eq!(told["findings"].as_array().unwrap().len(), 2, "{told}");
    assert!(told["findings"][1].as_str().unwrap().contains("3,000,000.00"), "{told}");
}
