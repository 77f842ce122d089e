//! What the papers of a matter are called on its page.

use certificate::NoticeKind;
use kernel::Lang;

/// What a notice is called.
pub(crate) fn notice_title(kind: NoticeKind, lang: Lang) -> &'static str {
    match kind {
        NoticeKind::Receipt => lang.pick("收件回执", "Receipt"),
        NoticeKind::Acceptance => lang.pick("受理通知书", "Notice of acceptance"),
        NoticeKind::OneTimeNotice => lang.pick("一次性告知书", "One-time notice"),
        NoticeKind::NotAccepted => lang.pick("不予受理决定书", "Decision not to accept"),
        NoticeKind::NotRequired => lang.pick("不需要许可告知书", "Notice that none is required"),
        NoticeKind::DeemedAccepted => lang.pick("视为受理通知书", "Notice of deemed acceptance"),
        NoticeKind::PauseNotice => lang.pick("特别程序告知书", "Notice of a special procedure"),
        NoticeKind::ExtensionNotice => lang.pick("延期告知书", "Notice of extension"),
        NoticeKind::GrantDecision => lang.pick("准予许可决定书", "Decision to grant"),
        NoticeKind::RefusalDecision => lang.pick("不予许可决定书", "Decision to refuse"),
        NoticeKind::Withdrawal => lang.pick("撤回申请告知书", "Notice of withdrawal"),
        NoticeKind::DeliveryReceipt => lang.pick("送达回证", "Proof of service"),
        NoticeKind::ChiefAppointment => lang.pick("首席审批服务官任命书", "Appointment"),
        NoticeKind::CommitteeMinutes => lang.pick("审批委员会会议纪要", "Committee minutes"),
        NoticeKind::PowerLetter => lang.pick("赋权委托书", "Letter of delegation"),
        NoticeKind::HandoverList => lang.pick("移交清单", "List of files handed over"),
        NoticeKind::ExitNotice => lang.pick("行政许可退出告知书", "Notice of an intended exit"),
        NoticeKind::ExitDecision => lang.pick("行政许可退出决定书", "Decision on an exit"),
        NoticeKind::ExitDropped => {
            lang.pick("退出程序终止告知书", "Notice that an exit was dropped")
        }
        NoticeKind::HearingOffer => lang.pick("听证告知书", "Notice of the right to a hearing"),
        NoticeKind::HearingNotice => lang.pick("听证通知书", "Notice of a hearing"),
        NoticeKind::HearingMinutes => lang.pick("听证笔录", "Minutes of a hearing"),
        NoticeKind::RenewalDecision => lang.pick("延续决定书", "Decision to renew"),
        NoticeKind::RenewalRefusal => lang.pick("不予延续决定书", "Decision not to renew"),
        NoticeKind::SilentRenewal => lang.pick("无感延续告知书", "Notice of silent renewal"),
    }
}
