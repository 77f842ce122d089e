//! What ratings and the board ask of the rooms beneath them: names of items and organs.

use catalogue::ItemId;
use db::Tx;
use evaluation::{ItemCard, ItemNames};
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, TypedId};

use crate::neighbours::content;

/// What ratings ask.
pub struct Items;

impl ItemNames for Items {
    fn by_code(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<ItemCard>, Fault> {
        let today = tx.today();
        match catalogue::published_by_code(tx, code, today)? {
            Some(version) => card(tx, &version).map(Some),
            None => Ok(None),
        }
    }

    fn by_id(&self, tx: &mut Tx<'_>, item: Uuid, version: u32) -> Result<Option<ItemCard>, Fault> {
        match catalogue::version(tx, ItemId::from_uuid(item), version) {
            Ok(version) => card(tx, &version).map(Some),
            Err(Fault::NotFound { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn organ_name(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault> {
        Ok(identity::organ(tx, organ)?.short_name)
    }
}

fn card(tx: &mut Tx<'_>, version: &catalogue::Version) -> Result<ItemCard, Fault> {
    let content = &version.content;
    let uscc = content.body.uscc.as_deref().unwrap_or_default();
    let organ = match identity::organ_by_uscc(tx, uscc)? {
        Some(organ) => organ.id,
        None => identity::hall(tx)?.id,
    };
    Ok(ItemCard {
        item: version.item.uuid(),
        version: version.number,
        code: content.codes.short().unwrap_or_default().to_owned(),
        name: content.name.zh.clone(),
        name_en: content.name.en.clone(),
        organ,
    })
}

/// What the board asks.
pub struct Board;

impl analytics::names::NameBook for Board {
    fn item(
        &self,
        tx: &mut Tx<'_>,
        item: analytics::ItemId,
        version: u32,
    ) -> Result<(String, Option<String>), Fault> {
        let content = content(tx, item.uuid(), version)?;
        let (zh, en) = (content.name.get("zh"), content.name.get("en"));
        Ok((zh.to_owned(), (en != zh).then(|| en.to_owned())))
    }

    fn organ(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault> {
        Ok(identity::organ(tx, organ)?.short_name)
    }
}
