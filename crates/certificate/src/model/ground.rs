//! Grounds on which a certificate is taken back, struck off or suspended: the closed lists of
//! the law, each with the article that names it. No ground of anybody's own.

use serde::{Deserialize, Serialize};

kernel::vocabulary! {
    /// Grounds of revocation 撤销 (行政许可法 69).
    pub enum RevocationGround {
        /// 滥用职权、玩忽职守作出准予决定 (69(1)1).
        AbuseOfPower = "abuse_of_power",
        /// 超越法定职权 (69(1)2).
        BeyondCompetence = "beyond_competence",
        /// 违反法定程序 (69(1)3).
        ProcedureBroken = "procedure_broken",
        /// 对不具备申请资格或者不符合法定条件的申请人准予许可 (69(1)4).
        ApplicantNotEligible = "applicant_not_eligible",
        /// 依法可以撤销的其他情形 (69(1)5).
        OtherByLaw = "other_by_law",
        /// 以欺骗、贿赂等不正当手段取得 (69(2)).
        ObtainedByFraud = "obtained_by_fraud",
    }
}

impl RevocationGround {
    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::AbuseOfPower => "行政许可法第六十九条第一款第（一）项",
            Self::BeyondCompetence => "行政许可法第六十九条第一款第（二）项",
            Self::ProcedureBroken => "行政许可法第六十九条第一款第（三）项",
            Self::ApplicantNotEligible => "行政许可法第六十九条第一款第（四）项",
            Self::OtherByLaw => "行政许可法第六十九条第一款第（五）项",
            Self::ObtainedByFraud => "行政许可法第六十九条第二款",
        }
    }
}

kernel::vocabulary! {
    /// Grounds of withdrawal 撤回 (行政许可法 8(2)): the licence was rightly given, and cannot stay.
    pub enum WithdrawalGround {
        /// 所依据的法律、法规、规章修改.
        BasisChanged = "basis_changed",
        /// 所依据的法律、法规、规章废止.
        BasisRepealed = "basis_repealed",
        /// 准予许可所依据的客观情况发生重大变化，为了公共利益的需要.
        FactsChanged = "facts_changed",
    }
}

impl WithdrawalGround {
    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        "行政许可法第八条第二款"
    }
}

kernel::vocabulary! {
    /// Offences for which another organ takes a licence away as a penalty 吊销 (行政许可法 80).
    pub enum PenaltyGround {
        /// 涂改、倒卖、出租、出借许可证件，或者非法转让许可 (80(1)).
        LentOrAltered = "lent_or_altered",
        /// 超越许可范围进行活动 (80(2)).
        BeyondScope = "beyond_scope",
        /// 隐瞒有关情况、提供虚假材料或者拒绝提供真实材料 (80(3)).
        MisledSupervision = "misled_supervision",
        /// 法律、法规、规章规定的其他违法行为 (80(4)).
        OtherOffence = "other_offence",
    }
}

impl PenaltyGround {
    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::LentOrAltered => "行政许可法第八十条第（一）项",
            Self::BeyondScope => "行政许可法第八十条第（二）项",
            Self::MisledSupervision => "行政许可法第八十条第（三）项",
            Self::OtherOffence => "行政许可法第八十条第（四）项",
        }
    }
}

kernel::vocabulary! {
    /// Grounds of suspension 暂扣 (行政处罚法 9).
    pub enum SuspensionGround {
        /// 暂扣许可证件 (9(3)).
        Penalty = "penalty",
        /// 法律、行政法规规定的其他行政处罚 (9(6)).
        PenaltyByOtherLaw = "penalty_by_other_law",
    }
}

impl SuspensionGround {
    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Penalty => "行政处罚法第九条第（三）项",
            Self::PenaltyByOtherLaw => "行政处罚法第九条第（六）项",
        }
    }
}

kernel::vocabulary! {
    /// Grounds of cancellation 注销 (行政许可法 70).
    pub enum CancellationGround {
        /// 有效期届满未延续 (70(1)).
        NotRenewed = "not_renewed",
        /// 赋予公民特定资格，该公民死亡或者丧失行为能力 (70(2)).
        HolderDiedOrIncapable = "holder_died_or_incapable",
        /// 法人或者其他组织依法终止 (70(3)).
        HolderTerminated = "holder_terminated",
        /// 依法被撤销、撤回，或者许可证件依法被吊销 (70(4)).
        RevokedOrWithdrawn = "revoked_or_withdrawn",
        /// 因不可抗力导致许可事项无法实施 (70(5)).
        ForceMajeure = "force_majeure",
        /// 法律、法规规定的其他情形 (70(6)).
        OtherByLaw = "other_by_law",
    }
}

impl CancellationGround {
    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::NotRenewed => "行政许可法第七十条第（一）项",
            Self::HolderDiedOrIncapable => "行政许可法第七十条第（二）项",
            Self::HolderTerminated => "行政许可法第七十条第（三）项",
            Self::RevokedOrWithdrawn => "行政许可法第七十条第（四）项",
            Self::ForceMajeure => "行政许可法第七十条第（五）项",
            Self::OtherByLaw => "行政许可法第七十条第（六）项",
        }
    }
}

kernel::vocabulary! {
    /// The four ways in which a licence leaves 行政许可退出.
    pub enum ExitKind {
        /// 撤回 (行政许可法 8).
        Withdrawal = "withdrawal",
        /// 撤销 (行政许可法 69).
        Revocation = "revocation",
        /// 注销 (行政许可法 70).
        Cancellation = "cancellation",
        /// 吊销 (行政许可法 80, 行政处罚法 9).
        Penalty = "penalty",
    }
}

/// A way out with its ground: a closed list for each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitGround {
    /// 撤回.
    Withdrawal(WithdrawalGround),
    /// 撤销.
    Revocation(RevocationGround),
    /// 注销.
    Cancellation(CancellationGround),
    /// 吊销.
    Penalty(PenaltyGround),
}

impl ExitGround {
    /// Which way out.
    #[must_use]
    pub fn kind(self) -> ExitKind {
        match self {
            Self::Withdrawal(_) => ExitKind::Withdrawal,
            Self::Revocation(_) => ExitKind::Revocation,
            Self::Cancellation(_) => ExitKind::Cancellation,
            Self::Penalty(_) => ExitKind::Penalty,
        }
    }

    /// The word of the ground, without its way.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Withdrawal(ground) => ground.as_str(),
            Self::Revocation(ground) => ground.as_str(),
            Self::Cancellation(ground) => ground.as_str(),
            Self::Penalty(ground) => ground.as_str(),
        }
    }

    /// The article that names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Withdrawal(ground) => ground.article(),
            Self::Revocation(ground) => ground.article(),
            Self::Cancellation(ground) => ground.article(),
            Self::Penalty(ground) => ground.article(),
        }
    }

    /// The ground of this word, where this way out has it.
    #[must_use]
    pub fn parse(kind: ExitKind, word: &str) -> Option<Self> {
        match kind {
            ExitKind::Withdrawal => word.parse().ok().map(Self::Withdrawal),
            ExitKind::Revocation => word.parse().ok().map(Self::Revocation),
            ExitKind::Cancellation => word.parse().ok().map(Self::Cancellation),
            ExitKind::Penalty => word.parse().ok().map(Self::Penalty),
        }
    }

    /// Every ground of a way out, in the order of the law.
    #[must_use]
    pub fn all(kind: ExitKind) -> Vec<Self> {
        match kind {
            ExitKind::Withdrawal => {
                let all = WithdrawalGround::ALL.iter().copied();
                all.map(Self::Withdrawal).collect()
            }
            ExitKind::Revocation => {
                let all = RevocationGround::ALL.iter().copied();
                all.map(Self::Revocation).collect()
            }
            ExitKind::Cancellation => {
                let all = CancellationGround::ALL.iter().copied();
                all.map(Self::Cancellation).collect()
            }
            ExitKind::Penalty => {
                let all = PenaltyGround::ALL.iter().copied();
                all.map(Self::Penalty).collect()
            }
        }
    }
}
