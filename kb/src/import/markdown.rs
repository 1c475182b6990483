//! Markdown files with YAML front matter.
use std::path::{Path, PathBuf};

use firstline_core::{Error, Result};

use super::batch::{Batch, Origin};
use super::front_matter::{self, FrontMatter};
use super::{Progress, Unit, help_centre};
use crate::article::{ArticleKind, Draft};
use crate::{language, pictures};

/// Every `.md` and `.html` file below `root`, in the order of their names.
pub(super) async fn folder(
    batch: &mut Batch<'_>,
    root: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<()> {
    let files = markdown_files(root)?;
    let total = files.len() as u64;
    for (done, path) in (1..).zip(files) {
        if is(&path, &["md"]) {
            file(batch, root, &path).await?;
        } else {
            help_centre::page(batch, &path, &name_of(root, &path)).await?;
        }
        progress(Progress { done, total, unit: Unit::Files });
    }
    Ok(())
}

fn markdown_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        let unreadable =
            |e: std::io::Error| Error::invalid(folder.display().to_string(), format!("cannot be read: {e}"));
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if path.is_dir() && !hidden && !pictures::is_folder_of_files(root, &path) {
                open.push(path);
            } else if is(&path, &["md", "html", "htm"]) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|e| endings.iter().any(|ending| e.eq_ignore_ascii_case(ending)))
}

/// One file; `root` is what its name is relative to when it gives no id.
pub(super) async fn file(batch: &mut Batch<'_>, root: &Path, path: &Path) -> Result<()> {
    let text = match std::fs::read(path).map_err(|e| e.to_string()).and_then(|b| super::text::decode(&b)) {
        Ok(text) => text,
        Err(why) => {
            batch.bad(path.to_path_buf(), None, None, why);
            return Ok(());
        }
    };
    let Some((yaml, body)) = front_matter::split(&text) else {
        if !path.file_stem().is_some_and(|n| n.eq_ignore_ascii_case("readme")) {
            let what = "has no front matter; begin it with a line ---, then `id:`, `lang:` and `title:`, then a line ---";
            batch.bad(path.to_path_buf(), Some(1), None, what);
        }
        return Ok(());
    };
    let draft = serde_saphyr::from_str::<FrontMatter>(yaml)
        .map_err(|e| {
            (None, format!("the front matter is not the YAML expected: {}", first_line(&e.to_string())))
        })
        .and_then(|head| {
            let life = head.life().map_err(named)?;
            Ok((draft(head, body, &name_of(root, path)).map_err(named)?, life))
        });
    match draft {
        Ok((draft, life)) => {
            batch.add_with(draft, life, Origin { file: path.to_path_buf(), line: None }).await
        }
        Err((key, what)) => {
            batch.bad(path.to_path_buf(), Some(1), key.as_deref(), what);
            Ok(())
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn named(e: Error) -> (Option<String>, String) {
    match e {
        Error::Invalid { field, reason } => (Some(field), reason),
        other => (None, other.to_string()),
    }
}

/// The path below `root` without its ending, with forward slashes: the id of a file that gives none.
fn name_of(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty());
    let below =
        below.map(Path::to_path_buf).or_else(|| path.file_name().map(PathBuf::from)).unwrap_or_default();
    let parts: Vec<_> =
        below.with_extension("").components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

fn draft(head: FrontMatter, body: &str, name: &str) -> Result<Draft> {
    let kind = front_matter::kind(head.kind.as_deref(), ArticleKind::Troubleshooting)?;
    let title = head.title.or_else(|| heading(body)).ok_or_else(|| {
        Error::invalid(
            "title",
            "is missing; add `title:` to the front matter or begin the text with a line `# …`",
        )
    })?;
    let lang = head.lang.unwrap_or_else(|| language_of(name, &title, body).to_string());
    Ok(Draft {
        external_id: head.id.unwrap_or_else(|| name.to_string()),
        lang,
        kind,
        category: head.category,
        title,
        body_md: body.to_string(),
        product: head.product,
        versions: head.versions,
        tags: head.tags,
        codes: head.codes,
        symptoms: head.symptoms,
        questions: head.questions,
        frequent: head.frequent,
        translates: head.translates,
    })
}

fn heading(body: &str) -> Option<String> {
    let line = body.lines().find(|l| !l.trim().is_empty())?;
    line.strip_prefix("# ").map(|t| t.trim().to_string())
}

/// By a folder named after a language, else by the script of the text.
fn language_of(name: &str, title: &str, body: &str) -> &'static str {
    let folder = name.split('/').find_map(|part| language::canonical(part).filter(|_| part.len() <= 7));
    folder.or_else(|| language::guess(title)).or_else(|| language::guess(body)).unwrap_or("en")
}
