//! Honest archives pass; every kind of hostile one is named.
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

struct Bench(PathBuf);

impl Bench {
    fn new(name: &str) -> Bench {
        let folder = std::env::temp_dir().join(format!("firstline-inspect-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Bench(folder)
    }

    fn look(&self, name: &str, bytes: &[u8]) -> Result<Looked, Flaw> {
        let path = self.0.join("file");
        std::fs::write(&path, bytes).unwrap();
        inspect(&path, name, &self.0)
    }

    fn flaw(&self, name: &str, bytes: &[u8]) -> FlawKind {
        match self.look(name, bytes) {
            Err(flaw) => flaw.kind,
            Ok(looked) => panic!("{name} was taken: {looked:?}"),
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A tar with names as they are given, which the library's own writer refuses.
fn tarred(entries: &[(&str, u8, &str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, link, bytes) in entries {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[136..148].copy_from_slice(b"00000000000\0");
        header[156] = *kind;
        header[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].copy_from_slice(b"        ");
        let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(bytes);
        out.resize(out.len().div_ceil(512) * 512, 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

#[test]
fn honest_files_are_taken_and_counted() {
    let bench = Bench::new("honest");
    let inner = zipped(&[("lib/a.class", b"class"), ("说明.txt", "读我".as_bytes())]);
    let outer = zipped(&[("setup/app.jar", &inner), ("README.md", b"# Read me"), ("data/", b"")]);
    let looked = bench.look("patch-3.2.2.zip", &outer).unwrap();
    assert_eq!((looked.entries, looked.depth, looked.closed), (5, 2, 0));
    let tar =
        tarred(&[("bin/tool", b'0', "", b"tool"), ("bin/t", b'2', "tool", b""), ("etc/", b'5', "", b"")]);
    assert_eq!(bench.look("tool.tar.gz", &gzipped(&tar)).unwrap().entries, 3);
    assert_eq!(bench.look("tool.tar", &tar).unwrap().depth, 1);
    for (name, bytes) in [
        ("setup.exe", &b"MZ and a program"[..]),
        ("notes.txt", "说明\n".as_bytes()),
        ("guide.pdf", b"%PDF-1.7 text"),
        ("unknown.bin", b"\0\x01\x02"),
        ("no-end", b"anything"),
        ("film.mp4", b"\0\0\0\x18ftypmp42"),
    ] {
        assert_eq!(bench.look(name, bytes), Ok(Looked::default()), "{name}");
    }
    // A program that unpacks itself is both on purpose.
    let both = [b"MZ a program ".as_slice(), &zipped(&[("a.txt", b"a")])].concat();
    assert!(bench.look("setup.exe", &both).is_ok());
}

#[test]
fn names_and_links_that_leave_the_folder_are_refused() {
    let bench = Bench::new("names");
    for name in
        ["../a", "a/../../b", "/etc/passwd", "C:\\x", "..\\a", "a\\..\\..\\b", "a\0b", "\\\\host\\x", ".. /a"]
    {
        assert_eq!(bench.flaw("x.zip", &zipped(&[(name, b"x")])), FlawKind::Path, "{name:?}");
    }
    for name in ["../a", "/etc/cron.d/x", "a/../../b"] {
        assert_eq!(bench.flaw("x.tar", &tarred(&[(name, b'0', "", b"x")])), FlawKind::Path, "{name}");
        assert_eq!(
            bench.flaw("x.tgz", &gzipped(&tarred(&[(name, b'0', "", b"x")]))),
            FlawKind::Path,
            "{name}"
        );
    }
    for (from, kind, target) in
        [("a", b'2', "../b"), ("a", b'2', "/etc/passwd"), ("d/a", b'2', "../../b"), ("a", b'1', "../b")]
    {
        assert_eq!(
            bench.flaw("x.tar", &tarred(&[(from, kind, target, b"")])),
            FlawKind::Link,
            "{from} {target}"
        );
    }
    assert!(bench.look("x.tar", &tarred(&[("d/a", b'2', "../b", b"")])).is_ok());
    assert_eq!(bench.flaw("x.tar", &tarred(&[("dev", b'3', "", b"")])), FlawKind::Device);
    // Also deep inside.
    let deep = zipped(&[("in.zip", &zipped(&[("x.tgz", &gzipped(&tarred(&[("../a", b'0', "", b"x")])))]))]);
    let flaw = bench.look("x.zip", &deep).unwrap_err();
    assert_eq!((flaw.kind, flaw.at.as_str()), (FlawKind::Path, "in.zip > x.tgz > ../a"));
}

#[test]
fn bombs_go_off_in_nobodys_memory() {
    let bench = Bench::new("bombs");
    let zeros = vec![0u8; 80 << 20];
    assert_eq!(bench.flaw("x.zip", &zipped(&[("zeros", &zeros)])), FlawKind::Bomb);
    assert_eq!(bench.flaw("x.gz", &gzipped(&zeros)), FlawKind::Bomb);
    // Small at each level.
    let level = zipped(&[("zeros", &zeros[..8 << 20])]);
    let many: Vec<(String, &[u8])> = (0..12).map(|n| (format!("{n}.zip"), level.as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(bench.flaw("x.zip", &zipped(&many)), FlawKind::Bomb);
    let mut endless = b"seed".to_vec();
    for _ in 0..6 {
        endless = zipped(&[("again.zip", &endless)]);
    }
    assert_eq!(bench.flaw("x.zip", &endless), FlawKind::TooDeep);
    let mut endless = b"seed".to_vec();
    for _ in 0..6 {
        endless = gzipped(&endless);
    }
    assert_eq!(bench.flaw("x.gz", &endless), FlawKind::TooDeep);
}

#[test]
fn a_file_is_what_its_name_says_and_one_thing_only() {
    let bench = Bench::new("kinds");
    let zip = zipped(&[("a.txt", b"a")]);
    assert_eq!(bench.flaw("x.zip", b""), FlawKind::Empty);
    for (name, bytes) in [
        ("x.zip", &b"MZ a program"[..]),
        ("x.pdf", b"<html>"),
        ("guide.txt", b"MZ a program"),
        ("guide.txt", b"a\0b"),
        ("x.png", b"GIF89a"),
        ("x.exe", &zip),
        ("x.md", &zip),
    ] {
        assert_eq!(bench.flaw(name, bytes), FlawKind::OtherKind, "{name}");
    }
    let both = |first: &[u8]| [first, &zip].concat();
    assert_eq!(bench.flaw("x.pdf", &both(b"%PDF-1.4 ")), FlawKind::SeveralKinds);
    assert_eq!(bench.flaw("x.png", &both(b"\x89PNG\r\n\x1a\n")), FlawKind::SeveralKinds);
    assert_eq!(bench.flaw("x.zip", &[zip.as_slice(), b"and more"].concat()), FlawKind::SeveralKinds);
    assert_eq!(
        bench.flaw("x.zip", &[b"PK\x03\x04 what is this ", zip.as_slice()].concat()),
        FlawKind::SeveralKinds
    );
    let behind = [tarred(&[("a", b'0', "", b"a")]), b"MZ".to_vec()].concat();
    assert_eq!(bench.flaw("x.tar", &behind), FlawKind::SeveralKinds);
    assert_eq!(bench.flaw("x.zip", &zip[..zip.len() - 30]), FlawKind::Broken);
    assert_eq!(bench.flaw("x.tgz", &gzipped(b"something")[..14]), FlawKind::Broken);
    let mut damaged = zipped(&[("a.txt", &[b'a'; 3000])]);
    damaged[45] ^= 0xff;
    assert_eq!(bench.flaw("x.zip", &damaged), FlawKind::Broken);
}
