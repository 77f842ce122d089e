//! The closed lists of the implementation list 实施清单: type, level, target, channel and so on,
//! with the codes of GB/T 39046—2020 annex A where it has one. Texts live elsewhere.

/// Declares an enum whose variants carry a code, a JSON word, a Chinese and an English name.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $word:literal
        $zh:literal $en:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[doc = concat!($zh, ": ", $en, ".")] #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All values in the order of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code of the national exchange.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The word used in JSON and in addresses.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The Chinese name.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }

            /// The English name.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }

            /// The name for a reader of `language`.
            pub fn name(self, language: &str) -> &'static str {
                if language.starts_with("en") { self.en() } else { self.zh() }
            }

            /// Reads a code (leading zeros may be missing), a JSON word or a Chinese name.
            pub fn read(text: &str) -> Option<Self> {
                let bare = text.trim();
                let number = bare.trim_start_matches('0');
                Self::ALL.iter().copied().find(|value| {
                    value.zh() == bare
                        || value.word() == bare
                        || (!number.is_empty() && value.code().trim_start_matches('0') == number)
                })
            }
        }
    };
}

coded! {
    /// Item type 事项类型 (GB/T 39046—2020 A.1).
    ItemType {
        Licence "01" "licence" "行政许可" "Administrative licence",
        Penalty "02" "penalty" "行政处罚" "Administrative penalty",
        Coercion "03" "coercion" "行政强制" "Administrative coercion",
        Levy "04" "levy" "行政征收" "Administrative levy",
        Benefit "05" "benefit" "行政给付" "Administrative benefit",
        Inspection "06" "inspection" "行政检查" "Administrative inspection",
        Confirmation "07" "confirmation" "行政确认" "Administrative confirmation",
        Award "08" "award" "行政奖励" "Administrative award",
        Ruling "09" "ruling" "行政裁决" "Administrative ruling",
        OtherPower "10" "other_power" "其他行政权力" "Other administrative power",
        PublicService "20" "public_service" "公共服务" "Public service",
    }
}

impl ItemType {
    /// Whether people apply for it 依申请; penalties, coercion, levies and inspections are not.
    pub const fn on_application(self) -> bool {
        !matches!(
            self,
            Self::Penalty | Self::Coercion | Self::Levy | Self::Inspection
        )
    }
}

coded! {
    /// Exercise level 行使层级 (A.2).
    ExerciseLevel {
        National "1" "national" "国家级" "National",
        Province "2" "province" "省级" "Province",
        City "3" "city" "市级" "City",
        County "4" "county" "县级" "County",
        Town "5" "town" "镇（乡、街道）级" "Town or sub-district",
        Village "6" "village" "村（社区）级" "Village or community",
        Graded "7" "graded" "分级管理" "By grade",
    }
}

coded! {
    /// Nature of the implementing body 实施主体性质 (A.3).
    BodyNature {
        Statutory "1" "statutory" "法定机关" "Statutory organ",
        Authorised "2" "authorised" "授权组织" "Authorised organisation",
        Entrusted "3" "entrusted" "受委托组织" "Entrusted organisation",
        Other "9" "other" "其他" "Other",
    }
}

coded! {
    /// Source of the power 权力来源.
    PowerSource {
        OwnLevel "1" "own_level" "法定本级行使" "By law at this level",
        DelegatedDown "2" "delegated_down" "上级下放" "Delegated by a higher level",
        Authorised "3" "authorised" "上级授权" "Authorised by a higher level",
        Entrusted "4" "entrusted" "同级或上级委托" "Entrusted",
        Concentrated "5" "concentrated" "相对集中行政许可权" "Concentrated licensing power",
    }
}

coded! {
    /// Whom the item serves 服务对象 (A.4).
    Target {
        Person "1" "person" "自然人" "Natural person",
        Enterprise "2" "enterprise" "企业法人" "Enterprise",
        Institution "3" "institution" "事业法人" "Public institution",
        SocialBody "4" "social_body" "社会组织法人" "Social organisation",
        Organ "5" "organ" "行政机关" "Administrative organ",
        OtherBody "6" "other_body" "其他组织" "Other organisation",
    }
}

coded! {
    /// Case kind 办件类型 (A.6).
    CaseKind {
        Instant "1" "instant" "即办件" "Done on the spot",
        Promised "2" "promised" "承诺件" "Done within the promised time",
        Other "9" "other" "其他" "Other",
    }
}

coded! {
    /// Channel of application 办理形式 (A.5).
    Channel {
        Counter "1" "counter" "窗口办理" "At the counter",
        Web "2" "web" "网上办理" "On the web",
        Mobile "3" "mobile" "移动端办理" "On the phone",
        Express "4" "express" "快递申请" "By courier",
        Kiosk "9" "kiosk" "自助终端" "At a kiosk",
    }
}

coded! {
    /// Depth of online handling 网上办理深度; an item may have several.
    OnlineDepth {
        Consultation "1" "consultation" "互联网咨询" "Questions online",
        Intake "2" "intake" "互联网收件" "Papers handed in online",
        PreReview "3" "pre_review" "互联网预审" "Preliminary review online",
        Acceptance "4" "acceptance" "互联网受理" "Acceptance online",
        Handling "5" "handling" "互联网办理" "Whole handling online",
        ResultNotice "6" "result_notice" "互联网办理结果信息反馈" "Result told online",
        ECertificate "7" "e_certificate" "互联网电子证照反馈" "Electronic certificate online",
        Other "8" "other" "其他" "Other",
    }
}

coded! {
    /// Range of cross-region handling 通办范围.
    CrossRange {
        Nation "1" "nation" "全国通办" "Nation-wide",
        Provinces "2" "provinces" "跨省通办" "Across provinces",
        Cities "3" "cities" "跨市通办" "Across cities",
        Counties "4" "counties" "跨县通办" "Across counties",
    }
}

coded! {
    /// Form of cross-region handling 通办形式.
    CrossMode {
        FullOnline "1" "full_online" "全程网办" "Fully online",
        CollectFor "2" "collect_for" "异地代收代办" "Collected elsewhere",
        MultiSite "3" "multi_site" "多地联办" "Handled by several places together",
    }
}

coded! {
    /// Original or copy 材料类型.
    MaterialType {
        Original "1" "original" "原件" "Original",
        Copy "2" "copy" "复印件" "Copy",
        OriginalAndCopy "3" "original_and_copy" "原件和复印件" "Original and copy",
    }
}

coded! {
    /// Paper or electronic 材料形式.
    MaterialForm {
        Paper "1" "paper" "纸质" "Paper",
        Electronic "2" "electronic" "电子" "Electronic",
        Either "3" "either" "纸质或电子" "Paper or electronic",
    }
}

coded! {
    /// Whether a material must be there 材料必要性.
    Necessity {
        Required "1" "required" "必要" "Required",
        Optional "2" "optional" "非必要" "Optional",
        Tolerable "3" "tolerable" "容缺后补" "May follow later",
    }
}

coded! {
    /// Where a material comes from 来源渠道.
    MaterialSource {
        Applicant "1" "applicant" "申请人自备" "Prepared by the applicant",
        Government "2" "government" "政府部门核发" "Issued by a government organ",
        Other "3" "other" "其他" "Other",
    }
}

coded! {
    /// What the hall hands out 办理结果类型.
    OutcomeKind {
        Certificate "1" "certificate" "证照" "Certificate",
        Approval "2" "approval" "批文" "Written approval",
        Record "3" "record" "备案回执" "Filing receipt",
        Payment "4" "payment" "资金发放" "Payment",
        Notice "5" "notice" "办结告知" "Notice of completion",
    }
}

coded! {
    /// Modes 办理模式: the lawful ways beside the ordinary one.
    ModeKind {
        Tolerant "1" "tolerant" "容缺受理" "Accepted with papers to follow",
        Promise "2" "promise" "告知承诺" "Decided on a promise",
        Tacit "3" "tacit" "超时默认" "Granted when the time runs out",
        Instant "4" "instant" "即时审批（秒批）" "Granted at once by rule",
        Silent "5" "silent" "无感审批" "Granted without an application",
        SilentRenewal "6" "silent_renewal" "无感延续" "Renewed without an application",
    }
}

coded! {
    /// Special procedures that stop the clock (行政许可法 45).
    SpecialKind {
        Hearing "1" "hearing" "听证" "Hearing",
        Bidding "2" "bidding" "招标" "Bidding",
        Auction "3" "auction" "拍卖" "Auction",
        Examination "4" "examination" "检验" "Inspection of goods",
        Testing "5" "testing" "检测" "Testing",
        Quarantine "6" "quarantine" "检疫" "Quarantine",
        Appraisal "7" "appraisal" "鉴定" "Appraisal",
        ExpertReview "8" "expert_review" "专家评审" "Expert review",
        SiteInspection "9" "site_inspection" "现场踏勘" "Site inspection",
        PublicNotice "10" "public_notice" "公示" "Public notice",
    }
}

impl SpecialKind {
    /// Whether 行政许可法 45 itself stops the clock; 现场踏勘 and 公示 need a basis of their own.
    pub const fn stops_clock_by_licence_law(self) -> bool {
        !matches!(self, Self::SiteInspection | Self::PublicNotice)
    }
}

impl ModeKind {
    /// Whether a decision table grants by itself, and nobody decides.
    #[must_use]
    pub const fn rests_on_rule(self) -> bool {
        matches!(self, Self::Instant | Self::Silent)
    }
}
