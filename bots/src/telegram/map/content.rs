//! The words and files of one message.
use serde_json::json;
use teloxide::types::{FileMeta, Message};

use firstline_core::files::FileOffer;

/// Text or caption; for what is neither, the closest words.
pub(super) fn text(message: &Message) -> String {
    let said = message.text().or_else(|| message.caption()).map(str::to_owned);
    said.unwrap_or_else(|| in_words(message))
}

fn in_words(message: &Message) -> String {
    if let Some(sticker) = message.sticker() {
        return sticker.emoji.clone().unwrap_or_default();
    }
    if let Some(place) = message.location() {
        return format!("{}, {}", place.latitude, place.longitude);
    }
    if let Some(contact) = message.contact() {
        let name = [Some(contact.first_name.as_str()), contact.last_name.as_deref()];
        return format!(
            "{} {}",
            name.into_iter().flatten().collect::<Vec<_>>().join(" "),
            contact.phone_number
        );
    }
    String::new()
}

/// The files of a message; of a photo the largest size.
pub(super) fn files(message: &Message) -> Vec<FileOffer> {
    let id = message.id.0;
    let mime = |given: Option<String>, usual: &str| given.unwrap_or_else(|| usual.to_owned());
    let mut files = Vec::new();
    if let Some(largest) = message.photo().and_then(|sizes| sizes.iter().max_by_key(|p| p.width * p.height)) {
        files.push(offer(&largest.file, format!("photo-{id}.jpg"), "image/jpeg".into()));
    }
    // A GIF comes as an animation and as a document; it is one file.
    if let Some(document) = message.document() {
        let name = document.file_name.clone().unwrap_or_else(|| format!("file-{id}"));
        let kind = mime(document.mime_type.as_ref().map(ToString::to_string), "application/octet-stream");
        files.push(offer(&document.file, name, kind));
    } else if let Some(animation) = message.animation() {
        let name = animation.file_name.clone().unwrap_or_else(|| format!("animation-{id}.mp4"));
        let kind = mime(animation.mime_type.as_ref().map(ToString::to_string), "video/mp4");
        files.push(offer(&animation.file, name, kind));
    }
    if let Some(video) = message.video() {
        let name = video.file_name.clone().unwrap_or_else(|| format!("video-{id}.mp4"));
        files.push(offer(
            &video.file,
            name,
            mime(video.mime_type.as_ref().map(ToString::to_string), "video/mp4"),
        ));
    }
    if let Some(voice) = message.voice() {
        let kind = mime(voice.mime_type.as_ref().map(ToString::to_string), "audio/ogg");
        files.push(offer(&voice.file, format!("voice-{id}.ogg"), kind));
    }
    if let Some(audio) = message.audio() {
        let name = audio.file_name.clone().unwrap_or_else(|| format!("audio-{id}.mp3"));
        files.push(offer(
            &audio.file,
            name,
            mime(audio.mime_type.as_ref().map(ToString::to_string), "audio/mpeg"),
        ));
    }
    if let Some(note) = message.video_note() {
        files.push(offer(&note.file, format!("video-{id}.mp4"), "video/mp4".into()));
    }
    files
}

fn offer(file: &FileMeta, name: String, mime: String) -> FileOffer {
    let size = u64::from(file.size);
    // An unknown size is written as the largest one by teloxide.
    let size = if file.size == u32::MAX { 0 } else { size };
    FileOffer { name, mime, size, sha256: None, source: json!({ "file_id": file.id.0 }) }
}
