//! Every refusal has words in both languages and says what to do.

use crate::decide::Refusal;
use ledger::VersionStop;

#[test]
fn every_refusal_has_words_and_a_way_on() {
    let table: toml::Table = crate::MESSAGES.parse().expect("TOML");
    let all = [
        Refusal::Version(VersionStop::NoSuchVersion { number: 1 }),
        Refusal::Version(VersionStop::PublishedNeverChanges),
        Refusal::Version(VersionStop::DraftOpen { number: 1 }),
        Refusal::Version(VersionStop::NotPublishable { errors: 1 }),
        Refusal::Version(VersionStop::EffectiveInThePast),
        Refusal::Version(VersionStop::NotPublished),
        Refusal::ItemsRestOnIt { items: 1 },
    ];
    for refusal in all {
        let code = kernel::Refusal::code(&refusal);
        let name = code
            .strip_prefix("procedure.")
            .expect("a code of this room");
        for part in ["zh", "en", "todo_zh", "todo_en"] {
            let said = table["procedure"]
                .get(name)
                .and_then(|words| words.get(part));
            assert!(said.is_some(), "{code} lacks {part}");
        }
    }
}
