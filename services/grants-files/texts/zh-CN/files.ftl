# 文件中的其他文字

and-more = 另有 { $count } 处问题未列出。
sealing-failed = 个人信息无法加密，未导入任何内容：{ $reason }
