//! Writes the empty workbook: a guide, then every sheet with its headings, notes, choices and text columns.
//!
//! The bytes depend on the table of sheets and nothing else.

use super::sheets::{ALL, Column, Form, Sheet};
use crate::import::TOTALS_NOTE;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

/// Name of the sheet that explains the others; an import leaves it out.
pub const GUIDE: &str = "填写说明";

/// Rows of a sheet that get validations. More can be filled in; the import checks all.
const PREPARED_ROWS: u32 = 5_000;

/// The date in the properties of every workbook that this program writes, so that bytes repeat.
const FIXED_DATE: (u16, u8, u8) = (2024, 1, 1);

const HEADING_COLOUR: u32 = 0x00D9_E2F3;
const OPTIONAL_COLOUR: u32 = 0x00F2_F2F2;

/// The empty workbook.
///
/// # Errors
/// The writer refuses; with this table it does not.
pub fn template() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    fixed_properties(&mut workbook)?;
    guide(workbook.add_worksheet())?;
    empty_sheets(&mut workbook, ALL)?;
    workbook.save_to_buffer()
}

/// Sheets with headings, notes and validations, and no rows.
pub(crate) fn empty_sheets(workbook: &mut Workbook, sheets: &[&Sheet]) -> Result<(), XlsxError> {
    sheets.iter().try_for_each(|sheet| write_sheet(workbook.add_worksheet(), sheet))
}

/// Gives a workbook a creation date that is not today's.
pub(crate) fn fixed_properties(workbook: &mut Workbook) -> Result<(), XlsxError> {
    let (year, month, day) = FIXED_DATE;
    let date = ExcelDateTime::from_ymd(year, month, day)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    Ok(())
}

/// How headings look.
pub(crate) fn heading_format(required: bool) -> Format {
    let colour = if required { HEADING_COLOUR } else { OPTIONAL_COLOUR };
    Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_background_color(colour)
        .set_align(FormatAlign::Center)
        .set_text_wrap()
}

fn guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    let headings = ["工作表", "列", "必填", "说明", "例"];
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &heading_format(true))?;
    }
    for (column, width) in [(0, 14), (1, 24), (2, 6), (3, 60), (4, 30)] {
        sheet.set_column_width(column, f64::from(width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@").set_text_wrap());
    sheet.write_string_with_format(1, 0, "合计", &bold)?;
    sheet.write_string_with_format(1, 3, TOTALS_NOTE, &text)?;
    let mut row = 2_u32;
    for one in ALL {
        sheet.write_string_with_format(row, 0, one.name, &bold)?;
        sheet.write_string_with_format(row, 3, one.note, &text)?;
        row = row.saturating_add(1);
        for column in one.columns {
            sheet.write_string(row, 0, one.name)?;
            sheet.write_string(row, 1, column.full_heading())?;
            sheet.write_string(row, 2, if column.required { "是" } else { "" })?;
            sheet.write_string_with_format(row, 3, explanation(column), &text)?;
            sheet.write_string_with_format(row, 4, column.example, &text)?;
            row = row.saturating_add(1);
        }
    }
    Ok(())
}

fn write_sheet(out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    out.set_name(sheet.name)?;
    for (at, column) in (0_u16..).zip(sheet.columns) {
        let format = if column.form == Form::Date { "yyyy-mm-dd" } else { "@" };
        out.set_column_format(at, &Format::new().set_num_format(format))?;
        out.set_column_width(at, f64::from(width(column)))?;
        out.write_string_with_format(0, at, column.full_heading(), &heading_format(column.required))?;
        out.insert_note(0, at, &note(column))?;
        if let Some(validation) = validation(column)? {
            out.add_data_validation(1, at, PREPARED_ROWS, at, &validation)?;
        }
    }
    out.set_freeze_panes(1, 0)?;
    Ok(())
}

fn width(column: &Column) -> u8 {
    let characters =
        column.full_heading().chars().count().saturating_mul(2).max(column.example.chars().count());
    u8::try_from(characters.saturating_add(3).min(40)).unwrap_or(40)
}

fn note(column: &Column) -> Note {
    let required = if column.required { "必填。" } else { "可不填。" };
    let mut text = format!("{required}{}", explanation(column));
    if !column.example.is_empty() {
        text.push_str(&format!("\n例：{}", column.example));
    }
    Note::new(text).add_author_prefix(false)
}

/// What the form asks, and the column's own note.
pub(crate) fn explanation(column: &Column) -> String {
    let form = describe(&column.form);
    match (form.is_empty(), column.note.is_empty()) {
        (_, true) => form,
        (true, false) => column.note.to_owned(),
        (false, false) => format!("{form}；{}", column.note),
    }
}

/// What a form asks, in words.
pub(crate) fn describe(form: &Form) -> String {
    match form {
        Form::CreditCode => "18位统一社会信用代码，文本".to_owned(),
        Form::ProjectCode => "24位投资项目统一代码（含连字符），文本".to_owned(),
        Form::Treasury => "9位数字，文本".to_owned(),
        Form::Text(max) => format!("文本，不超过{max}字"),
        Form::Reference => "编号，字母、数字和 - _ . /，不超过40位，文本".to_owned(),
        Form::Slug => "目录编号，字母、数字和 . - _，文本".to_owned(),
        Form::Slugs => "目录编号，可填多个，文本".to_owned(),
        Form::Given(example) => format!("系统编号，如 {example}，文本"),
        Form::Account => "6至34位数字，文本".to_owned(),
        Form::Bank => "12位数字，文本；校验位不符时提示".to_owned(),
        Form::Person => "姓名，文本".to_owned(),
        Form::Identity => "18位或15位身份证号，文本".to_owned(),
        Form::Phone => "电话，文本".to_owned(),
        Form::Document => "文本".to_owned(),
        Form::Choice(words) => {
            let labels: Vec<&str> = words.iter().map(|(label, _)| *label).collect();
            labels.join(" / ")
        }
        Form::Money { units, .. } => {
            let decimals =
                units.iter().map(|unit| format!("{}最多{}位小数", unit.word(), unit.decimals_max()));
            format!("数字，{}，最多15位有效数字", decimals.collect::<Vec<_>>().join("、"))
        }
        Form::Rate => "如 3.10% 或 0.031，不超过 100%".to_owned(),
        Form::Year => "4位年份".to_owned(),
        Form::Date => "日期，如 2024-06-11".to_owned(),
        Form::Flag => "是 / 否".to_owned(),
        Form::FactValue => "按“类型”填写".to_owned(),
    }
}

fn validation(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let bare = DataValidation::new().ignore_blank(true);
    let exactly = |length: u32| DataValidation::new().allow_text_length(DataValidationRule::EqualTo(length));
    let rule = match column.form {
        Form::CreditCode => exactly(18),
        Form::ProjectCode => exactly(24),
        Form::Treasury => exactly(9),
        Form::Bank => exactly(12),
        Form::Text(max) => {
            let max = u32::try_from(max).unwrap_or(u32::MAX);
            bare.allow_text_length(DataValidationRule::LessThanOrEqualTo(max))
        }
        Form::Choice(words) => {
            let labels: Vec<&str> = words.iter().map(|(label, _)| *label).collect();
            bare.allow_list_strings(&labels)?
        }
        Form::Flag => bare.allow_list_strings(&["是", "否"])?,
        Form::Reference
        | Form::Slug
        | Form::Slugs
        | Form::Given(_)
        | Form::Account
        | Form::Person
        | Form::Identity
        | Form::Phone
        | Form::Document
        | Form::Money { .. }
        | Form::Rate
        | Form::Year
        | Form::Date
        | Form::FactValue => return Ok(None),
    };
    let rule = rule.set_error_style(DataValidationErrorStyle::Stop).set_error_title(column.heading)?;
    rule.set_error_message(describe(&column.form)).map(Some)
}
