//! The ledger for programs: what a monitor or a witness asks.

use jiff::Timestamp;
use kernel::Fault;
use ledger::proof::{self, Consistency, Inclusion};
use seal::Digest32;
use serde::{Deserialize, Serialize};
use web::{App, Json, Path, Query, Reply};

use crate::disclosure::{self, Published};

#[derive(Serialize)]
pub(crate) struct CheckpointReply {
    checkpoint: String,
    key: String,
    origin: String,
    size: u64,
    root: Digest32,
    time: Timestamp,
    suite: String,
}

impl From<Published> for CheckpointReply {
    fn from(published: Published) -> Self {
        Self {
            checkpoint: published.checkpoint,
            key: published.key,
            origin: published.origin,
            size: published.size,
            root: published.root,
            time: published.time,
            suite: published.suite.to_string(),
        }
    }
}

/// Two sizes of the tree.
#[derive(Debug, Deserialize)]
pub(crate) struct Sizes {
    old: u64,
    new: u64,
}

/// A size of the tree, the newest by default.
#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    size: Option<u64>,
}

#[derive(Serialize)]
pub(crate) struct ConsistencyReply {
    old: u64,
    new: u64,
    path: Vec<Digest32>,
}

impl From<Consistency> for ConsistencyReply {
    fn from(Consistency { old, new, path }: Consistency) -> Self {
        Self { old, new, path }
    }
}

#[derive(Serialize)]
pub(crate) struct LeafReply {
    position: u64,
    leaf: Digest32,
    size: u64,
    path: Vec<Digest32>,
}

impl From<Inclusion> for LeafReply {
    fn from(inclusion: Inclusion) -> Self {
        let Inclusion {
            position,
            leaf,
            size,
            path,
        } = inclusion;
        Self {
            position,
            leaf,
            size,
            path,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct InclusionReply {
    position: u64,
    size: u64,
    path: Vec<Digest32>,
}

pub(crate) async fn show_checkpoint(app: App) -> Reply<Json<CheckpointReply>> {
    let found = app.read(disclosure::published).await?;
    let published = found.ok_or(Fault::NotFound { what: "checkpoint" })?;
    Ok(Json(published.into()))
}

pub(crate) async fn show_consistency(
    app: App,
    Query(sizes): Query<Sizes>,
) -> Reply<Json<ConsistencyReply>> {
    let Sizes { old, new } = sizes;
    let found = app.read(move |tx| proof::consistency(tx, old, new)).await?;
    Ok(Json(found.into()))
}

pub(crate) async fn show_leaf(app: App, Path(position): Path<u64>) -> Reply<Json<LeafReply>> {
    let found = app
        .read(move |tx| proof::inclusion(tx, position, None))
        .await?;
    Ok(Json(found.into()))
}

pub(crate) async fn show_inclusion(
    app: App,
    Path(position): Path<u64>,
    Query(Size { size }): Query<Size>,
) -> Reply<Json<InclusionReply>> {
    let found = app
        .read(move |tx| proof::inclusion(tx, position, size))
        .await?;
    Ok(Json(InclusionReply {
        position: found.position,
        size: found.size,
        path: found.path,
    }))
}
