# 事项、事件和各类状态的名称

verb-ledger-open = 建立账本
verb-artifact-record-chunk = 登记目录文件
verb-policy-publish-version = 发布政策版本
verb-calendar-publish = 发布工作日历
verb-rate-publish = 发布利率
verb-enterprise-register = 登记企业
verb-project-register = 登记项目
verb-budget-allocate = 下达指标
verb-budget-adjust = 调整指标
verb-external-open-round = 登记上级批次
verb-external-report-award = 登记上级奖补
verb-fact-record = 登记事实
verb-evidence-void = 登记票据红冲
verb-application-submit = 提交申报
verb-application-withdraw = 撤回申报
verb-application-decide = 审核申报
verb-award-confirm = 确认核定
verb-award-reduce = 核减
verb-award-revoke = 撤销核定
verb-payment-instruct = 发出支付
verb-payment-settle = 登记支付成功
verb-payment-reject = 登记支付失败
verb-payment-return = 登记退票
verb-recovery-approve = 决定追回
verb-recovery-receive = 登记追回到账
verb-followup-continue = 续办复核
verb-enterprise-rename = 登记名称变更
verb-enterprise-change-code = 登记信用代码变更
verb-enterprise-merge = 登记企业合并
verb-enterprise-split = 登记企业分立
verb-enterprise-unlink = 撤销承继关系
verb-enterprise-affiliate = 登记关联企业
verb-enterprise-disaffiliate = 解除关联关系
verb-project-link = 登记关联项目
verb-project-unlink = 撤销项目关联
verb-sanction-impose = 登记惩戒
verb-sanction-lift = 解除惩戒

event-ledger-opened = 账本已建立
event-artifact-chunk-recorded = 目录文件已登记
event-policy-version-published = 政策版本已发布
event-calendar-published = 工作日历已发布
event-rate-published = 利率已发布
event-enterprise-registered = 企业已登记
event-project-registered = 项目已登记
event-budget-allocated = 指标已下达
event-budget-adjusted = 指标已调整
event-external-round-opened = 上级批次已登记
event-external-award-reported = 上级奖补已登记
event-fact-recorded = 事实已登记
event-evidence-voided = 票据已红冲
event-application-submitted = 申报已提交
event-application-withdrawn = 申报已撤回
event-application-rejected = 不予核定
event-award-proposed = 拟核定
event-award-queued = 排队等待资金
event-award-dequeued = 轮候到资金
event-award-confirmed = 核定已确认
event-award-unconfirmed = 核定确认失效
event-award-reduced = 已核减
event-award-revoked = 核定已撤销
event-award-suspended = 暂缓支付
event-award-resumed = 恢复支付
event-payment-instructed = 支付已发出
event-payment-settled = 支付成功
event-payment-rejected = 支付失败
event-payment-returned = 退票
event-recovery-proposed = 拟追回
event-recovery-withdrawn = 拟追回已撤回
event-recovery-approved = 已决定追回
event-award-raised = 核定已补给
event-award-raise-delayed = 补给待排
event-recovery-owed = 自动追回
event-recovery-reversed = 追回已撤销
event-recovery-received = 追回已到账
event-followup-deferred = 复核待续
event-followup-completed = 复核续办
event-command-refused = 不予办理
event-enterprise-renamed = 企业名称已变更
event-enterprise-code-changed = 信用代码已变更
event-enterprise-merged = 企业已合并
event-enterprise-split = 企业已分立
event-enterprise-unlinked = 承继关系已撤销
event-enterprise-affiliated = 关联企业已登记
event-enterprise-disaffiliated = 关联关系已解除
event-project-linked = 关联项目已登记
event-project-unlinked = 项目关联已撤销
event-sanction-imposed = 惩戒已登记
event-sanction-lifted = 惩戒已解除

role-intake = 窗口受理
role-reviewer = 主管部门审核
role-approver = 核定审批
role-finance = 财政拨付
role-policy = 政策管理
role-registrar = 外部数据登记
role-system = 系统

auth-local = 本机账户
auth-simulated = 模拟
auth-internal = 系统内部

application-status-submitted = 已提交
application-status-approved = 已核定
application-status-rejected = 不予核定
application-status-withdrawn = 已撤回

award-status-proposed = 拟核定
award-status-queued = 排队
award-status-confirmed = 核定生效
award-status-fulfilled = 已足额支付
award-status-revoked = 已撤销
award-status-recovered = 已全部追回

payment-status-instructed = 已发出
payment-status-settled = 支付成功
payment-status-rejected = 支付失败
payment-status-returned = 退票

recovery-status-proposed = 拟追回
recovery-status-approved = 已决定追回
recovery-status-received = 已追回
recovery-status-withdrawn = 已撤回
recovery-status-reversed = 已撤销

external-status-pending = 申报中
external-status-granted = 已获批
external-status-refused = 未获批
external-status-withdrawn = 已撤销

level-state = 国家
level-province = 省
level-city = 市
level-county = 县区

evidence-kind-invoice = 发票
evidence-kind-tickets = 车票
evidence-kind-loan = 贷款合同
evidence-kind-balance = 贷款余额
evidence-kind-document = 决定文件

direction-increase = 追加
direction-decrease = 调减

account-appropriation = 指标下达
account-available = 可用
account-reserved = 冻结
account-payable = 应付
account-in-transit = 在途
account-paid = 已支付
account-receivable = 应收追回
account-recovery-claims = 追回债权
account-recovered = 已追回

side-debit = 借
side-credit = 贷

follow-up-review = 复核
follow-up-dequeue = 轮候
follow-up-revive = 复核被上限削减的核定

exhaustion-queue = 排队
exhaustion-refuse = 不予核定

step-in-force = 有效期
step-condition = 条件
step-overlap = 重复享受
step-sum = 合计
step-rate-of = 按比例
step-fixed = 定额
step-per-unit = 按数量
step-interest = 贴息
step-tier = 累计分档
step-determined = 认定金额
step-top-up = 就高补差
step-ceiling = 限额
step-finding = 请复核
step-county = 县区参数
step-share = 财政分担

sanction-ground-fraud = 骗取财政资金
sanction-ground-commitment-breached = 违背告知承诺
sanction-ground-misuse = 挤占挪用资金
sanction-ground-recovery-unpaid = 逾期未缴回资金
sanction-ground-dishonesty-list = 列入严重失信主体名单
sanction-ground-judgment-defaulter = 失信被执行人
sanction-ground-serious-violation = 重大违法行为

sanction-reach-enterprise = 本企业
sanction-reach-legal-representative = 同一法定代表人的企业
sanction-reach-group = 全部关联企业
