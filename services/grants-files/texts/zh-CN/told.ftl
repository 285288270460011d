# 每一个动钱、停钱的事件怎么说。

told-application-rejected = 申报 { $application } 不予核定：{ $why }
told-award-proposed = { $award } 拟核定 { $amount } 元（申报 { $application }），由 { $line } 列支
told-award-queued = { $award } 的 { $amount } 元排队等待指标 { $line }，位次 { $position }
told-award-dequeued = { $award } 轮候到指标 { $line } 的 { $amount } 元
told-award-confirmed = { $award } 的 { $amount } 元核定生效，可以支付
told-award-raised = { $award } 补给 { $amount } 元，核定金额改为 { $stands } 元（{ $interpretation }）
told-award-raise-delayed = { $award } 可补给的 { $amount } 元待指标 { $line } 有额度或在途支付有结果后再核
told-award-reduced = { $award } 核减 { $amount } 元，余 { $stands } 元：{ $why }
told-award-revoked = { $award } 的 { $amount } 元核定撤销：{ $why }
told-award-suspended = { $award } 暂缓支付：{ $why }
told-award-resumed = { $award } 恢复支付
told-payment-instructed = { $payment } 发出支付 { $amount } 元（{ $award }），由 { $line } 列支
told-payment-settled = { $payment } 支付成功 { $amount } 元（{ $award }），银行流水号 { $bank_reference }
told-payment-rejected = { $payment } 支付失败，{ $amount } 元重新待付（{ $award }）：{ $why }
told-payment-returned = { $payment } 退票，{ $amount } 元重新待付（{ $award }）：{ $why }
told-recovery-proposed = { $recovery } 拟追回 { $amount } 元（{ $award }）：{ $why }
told-recovery-withdrawn = { $recovery } 拟追回的 { $amount } 元撤回（{ $award }）
told-recovery-owed = { $recovery } 自动追回 { $amount } 元（{ $award }，{ $interpretation }）
told-recovery-approved = { $recovery } 决定追回 { $amount } 元：{ $document }
told-recovery-received = { $recovery } 收到追回款 { $amount } 元（{ $award }），银行流水号 { $bank_reference }
told-by-rule = 依据规则 { $rule }，起因是第 { $cause } 号事件
