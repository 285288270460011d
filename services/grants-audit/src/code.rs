//! Everything that an audit can find: one closed list with a stable code. Its sentences are in the message catalogues,
//! under `finding-` and the code.
//!
//! `docs/auditing.md` has a line for each, with what it means and what to do.

use grants_files::Texts;
use serde::{Serialize, Serializer};

macro_rules! codes {
    ($( $name:ident $word:literal; )*) => {
        /// What is wrong. The order is the order of checking: bytes, envelopes, books, decisions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $word] $name ),* }

        impl Code {
            /// Every code, in its order.
            pub const ALL: &'static [Self] = &[ $( Self::$name ),* ];
            /// The code that programs compare.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$name => $word ),* }
            }
        }
    };
}

codes! {
    LogHalted "log-halted";
    RootDiffers "root-differs";
    ManifestDiffers "manifest-differs";
    CheckpointUnreadable "checkpoint-unreadable";
    CheckpointMissing "checkpoint-missing";
    CheckpointSignature "checkpoint-signature";
    CheckpointForeign "checkpoint-foreign";
    CheckpointBeyond "checkpoint-beyond";
    CheckpointRoot "checkpoint-root";
    GrowthBroken "growth-broken";

    EnvelopeUnreadable "envelope-unreadable";
    LedgerForeign "ledger-foreign";
    SequenceWrong "sequence-wrong";
    TimeNotLater "time-not-later";
    TimeDiffers "time-differs";
    CommandMissing "command-missing";
    CommandSurplus "command-surplus";
    CommandSplit "command-split";
    CommandForeign "command-foreign";
    CommandEncoding "command-encoding";
    CommandTooLarge "command-too-large";
    CommandRepeated "command-repeated";
    VersionWrong "version-wrong";
    IdentityWrong "identity-wrong";
    FollowUpDue "follow-up-due";

    RoleWrong "role-wrong";
    ActorDiffers "actor-differs";
    SameActor "same-actor";
    IdWrong "id-wrong";
    RefusalNotAlone "refusal-not-alone";
    CatalogueHashWrong "catalogue-hash-wrong";
    PolicyNumberWrong "policy-number-wrong";
    PostingUnbalanced "posting-unbalanced";
    PostingAmount "posting-amount";
    BalanceNegative "balance-negative";
    BudgetOverdrawn "budget-overdrawn";
    CapMisstated "cap-misstated";
    CapExceeded "cap-exceeded";
    EvidenceOverused "evidence-overused";
    RightUsedTwice "right-used-twice";
    EnterpriseBarred "enterprise-barred";
    ApplicationNotOpen "application-not-open";
    AwardNotOpen "award-not-open";
    AmountDiffers "amount-differs";
    ReducedBelowPaid "reduced-below-paid";
    QueueOrder "queue-order";
    PaymentHeld "payment-held";
    PaymentTwice "payment-twice";
    PaymentNotLive "payment-not-live";
    RecoveryAbovePaid "recovery-above-paid";
    RecoveryNotOpen "recovery-not-open";

    OutcomeDiffers "outcome-differs";
    EventDiffers "event-differs";
    EventMissing "event-missing";
    EventSurplus "event-surplus";
    Undecidable "undecidable";
}

impl Code {
    /// The sentence for people.
    #[must_use]
    pub fn sentence(self, texts: &Texts) -> String {
        texts.get(&format!("finding-{}", self.word()), &[])
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
