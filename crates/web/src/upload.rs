//! Uploads: files of a form, streamed to a scratch file and measured on the way. Whatever is
//! not taken is gone when the request ends; a cut upload leaves nothing.
//!
//! Deliberately absent: what type a file really has (the room that keeps it looks inside).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use axum::extract::Request;
use axum::http::header;
use kernel::{Fault, Problem};
use sm3::{Digest, Sm3};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

use crate::app::{App, Bucket};
use crate::fault::Failure;
use crate::form::Fields;
use crate::visit::Visit;

/// A file that was sent. It lies in the scratch folder until this is dropped.
#[derive(Debug)]
pub struct Upload {
    /// The field of the form.
    pub field: String,
    /// The name that the sender gave it, without folders; for people only.
    pub name: String,
    /// The type that the sender claims; not to be believed.
    pub claimed_media: String,
    /// How large it is.
    pub bytes: u64,
    /// SM3 of its content.
    pub digest: [u8; 32],
    path: TempPath,
}

impl Upload {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All of it, in memory.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when it cannot be read, [`Fault::TooLarge`] beyond the limit.
    pub fn read(&self, limit: u64) -> Result<Vec<u8>, Fault> {
        if limit < self.bytes {
            return Err(Fault::TooLarge { limit });
        }
        let mut content = Vec::new();
        File::open(&self.path)
            .and_then(|mut file| file.read_to_end(&mut content))
            .map_err(unavailable)?;
        Ok(content)
    }
}

fn unavailable(error: std::io::Error) -> Fault {
    Fault::Unavailable {
        detail: format!("the scratch folder: {error}"),
    }
}

/// What a multipart form holds.
pub(crate) struct Sent {
    pub(crate) fields: Fields,
    pub(crate) files: Vec<Upload>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a multipart form, file by file, within the limits.
pub(crate) async fn receive(app: &App, visit: &Visit, request: Request) -> Result<Sent, Failure> {
    app.allow(Bucket::Upload, &visit.client_key())?;
    let limits = &app.config().limits;
    let headers = request.headers();
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|bytes| limits.upload_bytes < bytes) {
        let limit = limits.upload_bytes;
        return Err(Fault::TooLarge { limit }.into());
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
    let boundary = multer::parse_boundary(kind).map_err(unreadable)?;
    let size = multer::SizeLimit::new()
        .whole_stream(limits.upload_bytes)
        .per_field(limits.file_bytes);
    let rules = multer::Constraints::new().size_limit(size);
    let stream = request.into_body().into_data_stream();
    let mut parts = multer::Multipart::with_constraints(stream, boundary, rules);
    let mut sent = Sent {
        fields: Fields::default(),
        files: Vec::new(),
        problems: Vec::new(),
    };
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let Some(name) = part.name().map(str::to_owned) else {
            return Err(Failure::malformed("form.malformed"));
        };
        match part.file_name().map(str::to_owned) {
            None => {
                if sent.fields.len() == limits.fields {
                    return Err(Failure::malformed("form.too_many_fields"));
                }
                let value = read_text(part, limits.form_bytes).await?;
                sent.fields.push(name, value);
            }
            // A file control that was left empty.
            Some(file_name) if file_name.is_empty() => {}
            Some(file_name) => {
                if sent.files.len() == limits.files {
                    return Err(Failure::malformed("upload.too_many").with("max", limits.files));
                }
                let file = store(app, part, name, &file_name).await?;
                if file.bytes == 0 {
                    let problem = Problem::new(file.field.clone(), "field.file_empty");
                    sent.problems.push(problem.with("name", &file.name));
                } else {
                    sent.files.push(file);
                }
            }
        }
    }
    Ok(sent)
}

async fn read_text(mut part: multer::Field<'_>, limit: usize) -> Result<String, Failure> {
    let mut text = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        if limit < text.len() + chunk.len() {
            let limit = limit as u64;
            return Err(Fault::TooLarge { limit }.into());
        }
        text.extend_from_slice(&chunk);
    }
    String::from_utf8(text).map_err(|_| Failure::malformed("form.malformed"))
}

async fn store(
    app: &App,
    mut part: multer::Field<'_>,
    field: String,
    name: &str,
) -> Result<Upload, Failure> {
    let claimed_media = part
        .content_type()
        .map(ToString::to_string)
        .unwrap_or_default();
    let scratch = tempfile::NamedTempFile::new_in(&app.config().scratch).map_err(unavailable)?;
    let (file, path) = scratch.into_parts();
    let mut file = tokio::io::BufWriter::with_capacity(1 << 18, tokio::fs::File::from_std(file));
    let mut digest = Sm3::new();
    let mut bytes = 0u64;
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        bytes += chunk.len() as u64;
        digest.update(&chunk);
        file.write_all(&chunk).await.map_err(unavailable)?;
    }
    file.flush().await.map_err(unavailable)?;
    Ok(Upload {
        field,
        name: plain_name(name),
        claimed_media,
        bytes,
        digest: digest.finalize().into(),
        path,
    })
}

/// The last part of a path, without control characters, not endless.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let seen = |c: &char| !c.is_control() && !kernel::text::is_unseen(*c);
    let plain: String = last.chars().filter(seen).take(120).collect();
    let plain = plain.trim();
    if plain.is_empty() {
        "file".to_owned()
    } else {
        plain.to_owned()
    }
}

/// What went wrong with a multipart body: too large, cut, or not one.
fn unreadable(error: multer::Error) -> Failure {
    match error {
        multer::Error::FieldSizeExceeded { limit, .. }
        | multer::Error::StreamSizeExceeded { limit } => Fault::TooLarge { limit }.into(),
        multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders
        | multer::Error::IncompleteStream
        | multer::Error::StreamReadFailed(_) => Failure::malformed("upload.cut"),
        _ => Failure::malformed("form.malformed"),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_files_name_has_no_folder_and_no_control_character() {
        assert_eq!(plain_name("C:\\照片\\身份证.jpg"), "身份证.jpg");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("a\r\nb\u{0}.pdf"), "ab.pdf");
        // Shown from right to left this one read as a PDF.
        assert_eq!(plain_name("x\u{202e}fdp.exe"), "xfdp.exe");
        assert_eq!(plain_name("/"), "file");
    }
}
