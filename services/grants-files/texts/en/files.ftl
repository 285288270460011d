# Other words of files

and-more = And { $count } more.
sealing-failed = A personal field could not be sealed; nothing was imported: { $reason }
