//! The limits of every file that enters, each with its unit in its name. What is beyond one is an error with
//! a place, found before the memory for it is taken.

/// Largest file that is opened.
pub const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Largest sum of unpacked sizes in a workbook, as its directory states them. Keeps archives that unfold
/// to more than memory holds from being read at all.
pub const UNPACKED_BYTES_MAX: u64 = 160 * 1024 * 1024;

/// Most parts in a workbook's archive.
pub const ARCHIVE_PARTS_MAX: usize = 512;

/// Most sheets in a workbook.
pub const SHEETS_MAX: usize = 64;

/// Most rows with content in one file, headings included.
pub const ROWS_MAX: usize = 120_000;

/// Most cells with content in one file.
pub const CELLS_MAX: usize = 1_500_000;

/// Most columns of a sheet.
pub const COLUMNS_MAX: usize = 64;

/// Longest piece of markup or text that is held in memory at once. A spreadsheet's longest cell is a fifth of it.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// Longest text of one cell, in characters. Longer than any value of the ledger.
pub const CELL_CHARACTERS_MAX: usize = 2_000;

/// Longest line of a file of commands. A canonical command is smaller, whatever its spelling in JSON.
pub const LINE_BYTES_MAX: usize = 192 * 1024;

/// How many errors of one file are told one by one; the rest is a number.
pub const ERRORS_MAX: usize = 200;

/// How many warnings of one file are told one by one; the rest is a number.
pub const WARNINGS_MAX: usize = 200;

/// How much of a heading or word an error repeats, in characters.
pub const QUOTED_CHARACTERS_MAX: usize = 40;
