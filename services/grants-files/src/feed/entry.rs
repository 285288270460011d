//! What the public is told: the messages of `proto/grants/public/v1/feed.proto`, declared once.
//!
//! They are versioned apart from what the ledger stores. They only grow, and no field says who a natural person is, which
//! account was paid, which officer acted, or what anybody wrote in their own words.

use grants_domain::{
    choice, message, oneof,
    values::{CreditCode, Fen, ProjectCode, Slug, Text, Treasury},
};

choice! {
    /// Whom an award pays.
    pub enum PayeeKind {
        /// An enterprise or another organisation, which is named.
        Organisation = 1 => "organisation",
        /// A natural person, who is not.
        NaturalPerson = 2 => "natural-person",
    }
}

choice! {
    /// Where an award stands.
    pub enum AwardStatus {
        /// 拟核定: decided, not confirmed yet.
        Proposed = 1 => "proposed",
        /// 排队: waits for money.
        Queued = 2 => "queued",
        /// 核定生效: payable.
        Confirmed = 3 => "confirmed",
        /// 已足额支付.
        Fulfilled = 4 => "fulfilled",
        /// 撤销.
        Revoked = 5 => "revoked",
        /// 已全部追回.
        Recovered = 6 => "recovered",
    }
}

message! {
    /// Something changed of one award.
    pub struct Entry {
        /// Which ledger: 32 hexadecimal digits.
        1 => ledger: Text<32>,
        /// Place in the log. Of two entries of a ledger the later one has the larger.
        2 => sequence: u64,
        /// When it was recorded: RFC 3339.
        3 => recorded_at: Text<32>,
        /// Which award, and what never changes of it.
        4 => award: Award,
        /// What changed, and by how much.
        5 => change: Change,
        /// What stands of the award afterwards.
        6 => standing: Standing,
        /// Of a correction: the sequence of the entry that no longer holds as it was told.
        7 => corrects: Option<u64>,
        /// Day on which it happened outside the ledger, such as the bank's: `YYYY-MM-DD`.
        8 => on: Option<Text<10>>,
    }
}

message! {
    /// An award, as it was decided.
    pub struct Award {
        /// Its name: `AW-41`. Records of one award have it as their key.
        1 => award: Text<24>,
        /// The measure, which is a clause of the policy.
        2 => measure: Slug,
        /// The version of the policy that it was decided under.
        3 => policy_version: u32,
        /// The day that governs: `YYYY-MM-DD`.
        4 => governing: Text<10>,
        /// Whom it pays.
        5 => payee: PayeeKind,
        /// The organisation, if it pays one.
        6 => enterprise: Option<CreditCode>,
        /// The project, if it is for one of an organisation.
        7 => project: Option<ProjectCode>,
    }
}

message! {
    /// What stands of an award.
    pub struct Standing {
        1 => status: AwardStatus,
        /// Whether payment waits for something.
        2 => held: bool,
        /// What is awarded, less what was taken back.
        3 => amount: Fen,
        /// What has been paid of it and has not come back.
        4 => paid: Fen,
        /// What is owed back by decision and has not come back.
        5 => owed_back: Fen,
        /// The same for each treasury that pays; one at least. They sum exactly.
        6 => parts: Vec<Part>,
    }
}

message! {
    /// What stands of the part of one treasury.
    pub struct Part {
        1 => treasury: Treasury,
        2 => amount: Fen,
        3 => paid: Fen,
        4 => owed_back: Fen,
    }
}

oneof! {
    /// What changed. The word is the ledger's own for the event.
    pub enum Change {
        1 => AwardProposed(AwardProposed): "award.proposed",
        2 => AwardQueued(AwardQueued): "award.queued",
        3 => AwardDequeued(AwardDequeued): "award.dequeued",
        4 => AwardConfirmed(AwardConfirmed): "award.confirmed",
        5 => AwardUnconfirmed(AwardUnconfirmed): "award.unconfirmed",
        6 => AwardReduced(AwardReduced): "award.reduced",
        7 => AwardRaised(AwardRaised): "award.raised",
        8 => AwardRevoked(AwardRevoked): "award.revoked",
        9 => AwardSuspended(AwardSuspended): "award.suspended",
        10 => AwardResumed(AwardResumed): "award.resumed",
        11 => PaymentSettled(PaymentSettled): "payment.settled",
        12 => PaymentReturned(PaymentReturned): "payment.returned",
        13 => RecoveryApproved(RecoveryApproved): "recovery.approved",
        14 => RecoveryOwed(RecoveryOwed): "recovery.owed",
        15 => RecoveryReceived(RecoveryReceived): "recovery.received",
        16 => RecoveryReversed(RecoveryReversed): "recovery.reversed",
    }
}

message! {
    /// 拟核定: an award of this amount.
    pub struct AwardProposed {
        1 => amount: Fen,
    }
}

message! {
    /// 排队: a treasury's budget line is short, and the award waits.
    pub struct AwardQueued {
        1 => treasury: Treasury,
    }
}

message! {
    /// 出队: money has come for it.
    pub struct AwardDequeued {}
}

message! {
    /// 核定生效: this amount is payable.
    pub struct AwardConfirmed {
        1 => amount: Fen,
    }
}

message! {
    /// 核定失效: this amount waits for a confirmation again.
    pub struct AwardUnconfirmed {
        1 => amount: Fen,
    }
}

message! {
    /// 核减: the award fell by this amount, by a rule or by a person.
    pub struct AwardReduced {
        1 => amount: Fen,
        2 => rule: Option<Slug>,
    }
}

message! {
    /// 补给: the award rose by this amount.
    pub struct AwardRaised {
        1 => amount: Fen,
    }
}

message! {
    /// 撤销核定: all of it, which was this amount, by a rule or by a person.
    pub struct AwardRevoked {
        1 => amount: Fen,
        2 => rule: Option<Slug>,
    }
}

message! {
    /// 暂缓拨付: payment waits, by these rules.
    pub struct AwardSuspended {
        1 => rules: Vec<Slug>,
    }
}

message! {
    /// 恢复: nothing holds the payment any more.
    pub struct AwardResumed {}
}

message! {
    /// 支付成功: a treasury's payment arrived.
    pub struct PaymentSettled {
        /// Its name: `PY-43`.
        1 => payment: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}

message! {
    /// 退票: of a payment that had arrived, this amount came back and is payable again. What was owed back out of it is
    /// told before, as received.
    pub struct PaymentReturned {
        1 => payment: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}

message! {
    /// 决定追回: this amount is owed back, by a person's decision.
    pub struct RecoveryApproved {
        /// Its name: `RC-55`.
        1 => recovery: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}

message! {
    /// 自动追回: this amount is owed back, because the policy says so.
    pub struct RecoveryOwed {
        1 => recovery: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}

message! {
    /// 缴回: this amount came back, and award, paid sum and debt fell by it.
    pub struct RecoveryReceived {
        1 => recovery: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}

message! {
    /// 撤销追回: this amount is owed back no longer.
    pub struct RecoveryReversed {
        1 => recovery: Text<24>,
        2 => treasury: Treasury,
        3 => amount: Fen,
    }
}
