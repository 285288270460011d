# 企业可享政策（grants entitlements）的句子。

entitlements-on = { $on } 申报，适用政策版本 { $version }
entitlements-project = （项目 { $about }）
entitlements-title = （称号 { $about }）
entitlements-from = （沿用申报 { $about } 的事实和凭证）
entitlements-no-project = 需要项目，该企业没有登记项目
entitlements-due = 可得 { $amount } 元，由 { $payer } 支付
entitlements-refused = 不予核定：{ $why }
entitlements-undecidable = 尚不能核定：{ $why }
entitlements-incomplete = 尚不能核定：缺少凭证
entitlements-lacks-fact = 缺少：{ $title }（{ $name }，取自{ $places }）
entitlements-lacks-evidence = 缺少凭证：{ $kind }
entitlements-or-another = （或同一条件中的其他事实）
entitlements-cap = 上限 { $cap }（{ $window }）：上限 { $limit } 元，已用 { $used } 元，余 { $room } 元
entitlements-received = 已核定 { $award }：{ $amount } 元，已付 { $paid } 元，{ $status }
entitlements-in-kind = 已登记的非资金支持：
entitlements-recorded = 已登记的项目和事实：
entitlements-in-application = 申报表
entitlements-in-project = 项目登记
entitlements-in-linked-projects = 同一投资的各项目登记
entitlements-in-enterprise = 企业登记
entitlements-of-project = 关于项目的记录
entitlements-of-enterprise = 关于企业的记录
entitlements-of-named = 关于称号或对象的记录
entitlements-barred-until = 尚缺：惩戒《{ $document }》期满（{ $until }）
entitlements-barred = 尚缺：惩戒《{ $document }》解除
