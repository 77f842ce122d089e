//! Grounds on which a certificate is taken back, struck off or suspended: the closed lists of
//! the law, each with the article that names it. No ground of anybody's own.

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
