//! What a file is, told by its content and never by its name or by what the sender claims.

use catalogue::model::FileKind;

/// Largest file of an application, in bytes.
pub const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// How many files somebody may send before putting them to an application.
pub const LOOSE_MAX: i64 = 100;

/// The entry by which an OFD file is known.
const NAME: &[u8] = b"OFD.xml";

/// The kind of a content; none for what no material accepts.
#[must_use]
pub fn kind_of(content: &[u8]) -> Option<FileKind> {
    let media = infer::get(content)?.mime_type();
    match media {
        "application/pdf" => Some(FileKind::Pdf),
        "image/jpeg" => Some(FileKind::Jpg),
        "image/png" => Some(FileKind::Png),
        "image/vnd.dwg" => Some(FileKind::Dwg),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            Some(FileKind::Docx)
        }
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(FileKind::Xlsx),
        // OFD 版式文件 (GB/T 33190) is a zip archive with this entry at its root.
        "application/zip" if content.windows(NAME.len()).any(|part| part == NAME) => {
            Some(FileKind::Ofd)
        }
        _ => None,
    }
}

/// Where the end of a file is looked for: programs may write a little behind it.
const TAIL: usize = 4096;

/// Whether a file of this kind is there to its end. One that was cut on its way opens nowhere, and
/// whoever handed it in should hear it at once.
#[must_use]
pub fn is_whole(kind: FileKind, content: &[u8]) -> bool {
    let tail = content.get(content.len().saturating_sub(TAIL)..);
    let ends = |mark: &[u8]| {
        let mut windows = tail.unwrap_or_default().windows(mark.len());
        windows.any(|part| part == mark)
    };
    match kind {
        // ISO 32000-1, 7.5.5.
        FileKind::Pdf => ends(b"startxref") && ends(b"%%EOF"),
        // Telephones append films to pictures, so the end of the picture may lie anywhere.
        FileKind::Jpg => content.windows(2).any(|part| part == b"\xff\xd9"),
        FileKind::Png => ends(b"IEND"),
        // The list of entries stands at the end of a zip archive (APPNOTE 4.3.16).
        FileKind::Ofd | FileKind::Docx | FileKind::Xlsx => ends(b"PK\x05\x06"),
        FileKind::Dwg => true,
    }
}

/// The kind with this media type.
#[must_use]
pub fn kind_of_media(media: &str) -> Option<FileKind> {
    use FileKind::{Docx, Dwg, Jpg, Ofd, Pdf, Png, Xlsx};
    [Pdf, Jpg, Png, Ofd, Docx, Xlsx, Dwg]
        .into_iter()
        .find(|kind| kind.media_type() == media)
}

/// A size for people.
#[must_use]
pub fn size_words(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!(
            "{}.{} MB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}
