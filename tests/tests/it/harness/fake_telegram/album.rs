//! Pictures and files people send, one by one and as albums.
use axum::body::Bytes;
use serde_json::{Value, json};

use super::FakeTelegram;
use super::chat::{Chat, Injected};
use super::files::{store, store_sized};
use super::text::found_entities;
use crate::harness::uploads::Upload;

impl Chat {
    pub fn photo(&self, bytes: &[u8], caption: &str) -> Injected {
        self.fake.shared.change(|state| {
            let photo = store(state, "photo", &upload("photo.jpg", "image/jpeg", bytes));
            self.post_in(state, with_caption(json!({"photo": photo}), caption))
        })
    }

    pub fn document(&self, name: &str, mime: &str, bytes: &[u8], caption: &str) -> Injected {
        self.fake.shared.change(|state| {
            let document = store(state, "document", &upload(name, mime, bytes));
            self.post_in(state, with_caption(json!({"document": document}), caption))
        })
    }

    /// A file the server says is this large; over 20 MB the bot cannot fetch it.
    pub fn huge_document(&self, name: &str, size: u64) -> Injected {
        self.fake.shared.change(|state| {
            let document = store_sized(state, "document", &upload(name, "application/zip", b"PK"), size);
            self.post_in(state, json!({"document": document}))
        })
    }

    /// Several pictures sent together: one message each, one `media_group_id`, the caption under the first.
    pub fn album(&self, pictures: &[&[u8]], caption: &str) -> Vec<Injected> {
        self.fake.shared.change(|state| {
            let group = state.next_id().to_string();
            let mut messages = Vec::new();
            for (index, bytes) in pictures.iter().enumerate() {
                let photo = store(state, "photo", &upload("photo.jpg", "image/jpeg", bytes));
                let fields = json!({"photo": photo, "media_group_id": group});
                let caption = if index == 0 { caption } else { "" };
                messages.push(self.post_in(state, with_caption(fields, caption)));
            }
            messages
        })
    }
}

impl FakeTelegram {
    /// Ends all download addresses, as the server does after an hour.
    pub fn expire_files(&self) {
        self.shared.change(|state| state.files.values_mut().for_each(|file| file.expired = true));
    }
}

fn upload(name: &str, mime: &str, bytes: &[u8]) -> Upload {
    Upload {
        field: String::new(),
        name: name.to_owned(),
        mime: mime.to_owned(),
        bytes: Bytes::copy_from_slice(bytes),
    }
}

fn with_caption(mut fields: Value, caption: &str) -> Value {
    if !caption.is_empty() {
        fields["caption"] = json!(caption);
        fields["caption_entities"] = json!(found_entities(caption));
    }
    fields
}
