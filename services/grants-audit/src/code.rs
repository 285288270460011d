//! Everything that an audit can find: one closed list with a stable code, a sentence in English and one in Chinese.
//!
//! `docs/auditing.md` has a line for each, with what it means and what to do.

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($( $name:ident $word:literal $en:literal $zh:literal; )*) => {
        /// What is wrong. The order is the order of checking: bytes, envelopes, books, decisions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $en] $name ),* }

        impl Code {
            /// Every code, in its order.
            pub const ALL: &'static [Self] = &[ $( Self::$name ),* ];
            /// The code that programs compare.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$name => $word ),* }
            }
            /// The sentence for people, in English.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self { $( Self::$name => $en ),* }
            }
            /// The sentence for people, in Chinese.
            #[must_use]
            pub const fn chinese(self) -> &'static str {
                match self { $( Self::$name => $zh ),* }
            }
        }
    };
}

codes! {
    LogHalted "log-halted" "the log cannot be trusted from here on" "日志自此处起不可信";
    RootDiffers "root-differs" "the Merkle root is another" "默克尔根不一致";
    ManifestDiffers "manifest-differs" "the folder holds something else than its manifest says" "文件夹内容与清单不符";
    CheckpointUnreadable "checkpoint-unreadable" "the checkpoint is not one" "检查点无法识别";
    CheckpointMissing "checkpoint-missing" "a key is given, and nothing is signed" "提供了公钥，但没有已签名的检查点";
    CheckpointSignature "checkpoint-signature" "the checkpoint is not signed by this key" "检查点签名不成立";
    CheckpointForeign "checkpoint-foreign" "the checkpoint is of another log" "检查点属于另一账本";
    CheckpointBeyond "checkpoint-beyond" "the log is shorter than what was signed" "日志短于已签名的长度";
    CheckpointRoot "checkpoint-root" "the log is not the one that was signed" "日志与已签名的内容不符";
    GrowthBroken "growth-broken" "the log did not grow out of the earlier checkpoint" "日志不是由先前检查点延续而来";

    EnvelopeUnreadable "envelope-unreadable" "the event cannot be read" "事件无法读取";
    LedgerForeign "ledger-foreign" "the event belongs to another ledger" "事件属于另一账本";
    SequenceWrong "sequence-wrong" "the event carries another sequence than its place" "事件序号与位置不符";
    TimeNotLater "time-not-later" "the command is not later than the one before" "命令时间不晚于前一命令";
    TimeDiffers "time-differs" "the events of one command carry different times" "同一命令的事件时间不同";
    CommandMissing "command-missing" "the first event of a command carries no command or no actor" "命令的首个事件缺少命令或操作人";
    CommandSurplus "command-surplus" "the command stands in another event than the first" "命令出现在非首个事件中";
    CommandSplit "command-split" "the events of one command lie in two batches" "同一命令的事件分在两个批次";
    CommandForeign "command-foreign" "an event of another command stands among these" "混入了另一命令的事件";
    CommandEncoding "command-encoding" "the command is in an encoding that this program does not know" "命令编码版本未知";
    CommandTooLarge "command-too-large" "the command is longer than the door lets in" "命令超过长度上限";
    CommandRepeated "command-repeated" "the command id was used before" "命令编号重复使用";
    VersionWrong "version-wrong" "another policy version is pinned than was in force" "所依据的政策版本并非当时有效版本";
    IdentityWrong "identity-wrong" "the actor could not have been authenticated in this way" "操作人认证方式不可能成立";
    FollowUpDue "follow-up-due" "waiting work was passed over, or is not what waits" "待办后续处理被跳过或不符";

    RoleWrong "role-wrong" "the actor's role does not have this verb" "操作人岗位无此权限";
    ActorDiffers "actor-differs" "the fact names another person than the one who gave the command" "事实中的操作人与下达命令者不符";
    SameActor "same-actor" "one person did two steps that need two" "应由两人分别办理的环节由同一人办理";
    IdWrong "id-wrong" "the ledger gave a name that does not follow from the sequence" "账本所编名称与序号不符";
    RefusalNotAlone "refusal-not-alone" "a refused command changed something" "被拒绝的命令产生了其他影响";
    CatalogueHashWrong "catalogue-hash-wrong" "the published catalogue is not what its chunks hold" "已发布目录与其分块内容不符";
    PolicyNumberWrong "policy-number-wrong" "policy versions are not numbered one by one" "政策版本编号不连续";
    PostingUnbalanced "posting-unbalanced" "debits and credits differ" "借贷不平";
    PostingAmount "posting-amount" "the posting moves another amount than the fact says" "分录金额与事实不符";
    BalanceNegative "balance-negative" "an account turns its sign" "科目余额反向";
    BudgetOverdrawn "budget-overdrawn" "more is committed than the budget line has" "超出指标";
    CapMisstated "cap-misstated" "the trace states another use of the cap than the log adds up to" "上限已用额与日志累计不符";
    CapExceeded "cap-exceeded" "the award goes above the cap" "超过上限";
    EvidenceOverused "evidence-overused" "evidence is used above its net amount" "凭证重复或超额使用";
    RightUsedTwice "right-used-twice" "a once-only right is used twice" "一次性资格重复享受";
    ApplicationNotOpen "application-not-open" "the application was not waiting for a decision" "申报并非待核定状态";
    AwardNotOpen "award-not-open" "the award is not in a state that allows this" "核定状态不允许";
    AmountDiffers "amount-differs" "the amount is another than what stands" "金额与现存金额不符";
    ReducedBelowPaid "reduced-below-paid" "what is paid or on its way is taken back without a recovery" "已付或在途部分未经追回即被核减";
    QueueOrder "queue-order" "somebody slipped past the head of the queue" "未按排队顺序";
    PaymentHeld "payment-held" "a payment was instructed while it was held" "暂缓期间发出支付";
    PaymentTwice "payment-twice" "more is instructed than the award has left" "重复支付或超付";
    PaymentNotLive "payment-not-live" "the bank's answer is about a payment that does not wait for one" "银行回单对应的支付并非在途";
    RecoveryAbovePaid "recovery-above-paid" "more is taken back than was instructed" "追回金额超过已支付金额";
    RecoveryNotOpen "recovery-not-open" "the recovery is not in a state that allows this" "追回状态不允许";

    OutcomeDiffers "outcome-differs" "re-decision differs in whether the command is refused" "重新核定结论不同";
    EventDiffers "event-differs" "re-decision differs" "重新核定结果不同";
    EventMissing "event-missing" "a consequence was left out" "缺少应有的后续事件";
    EventSurplus "event-surplus" "the log has more events than the command decides" "多出不应有的事件";
    Undecidable "undecidable" "the command cannot be decided again on this history" "在此历史上无法重新核定";
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
