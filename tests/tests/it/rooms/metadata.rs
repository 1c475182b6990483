//! Which room may use which, and which libraries stay out of which room: read from cargo's own account.
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The rooms in their order: each may use those before it.
const ORDER: [&str; 5] = ["firstline-core", "firstline-kb", "firstline-bots", "firstline", "firstline-tests"];

static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = super::root().join("Cargo.toml");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host()])
        .arg("--manifest-path")
        .arg(manifest)
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo's JSON")
});

/// Only what is built here: packages of other systems are not on this machine.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc");
    let text = String::from_utf8(output.stdout).expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("rustc's host").to_owned()
}

fn package(name: &str) -> &'static Value {
    let packages = METADATA["packages"].as_array().expect("packages");
    packages.iter().find(|package| package["name"] == name && package["source"].is_null()).expect("a room")
}

/// What a room's own manifest asks for, tests and build scripts aside.
fn direct(room: &str) -> BTreeSet<String> {
    let dependencies = package(room)["dependencies"].as_array().expect("dependencies");
    let normal = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
    normal.map(|dependency| dependency["name"].as_str().expect("a name").to_owned()).collect()
}

/// Everything that is built into a room, however it comes in.
fn built_in(room: &str) -> BTreeSet<String> {
    let nodes = METADATA["resolve"]["nodes"].as_array().expect("nodes");
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().map(|node| (node["id"].as_str().expect("an id"), node)).collect();
    let names: BTreeMap<&str, &str> = METADATA["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| (package["id"].as_str().expect("an id"), package["name"].as_str().expect("a name")))
        .collect();
    let mut open = vec![package(room)["id"].as_str().expect("an id")];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dependency in nodes[id]["deps"].as_array().expect("dependencies") {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            let next = dependency["pkg"].as_str().expect("an id");
            if kinds.iter().any(|kind| kind["kind"].is_null()) && seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen.into_iter().map(|id| names[id].to_owned()).collect()
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    for (index, room) in ORDER.iter().enumerate() {
        let later: Vec<&str> =
            ORDER[index..].iter().copied().filter(|other| built_in(room).contains(*other)).collect();
        assert!(later.is_empty(), "{room} uses {later:?}");
    }
    let members: Vec<&str> =
        METADATA["workspace_members"].as_array().expect("members").iter().filter_map(Value::as_str).collect();
    assert_eq!(members.len(), ORDER.len(), "a room nobody placed in the order: {members:?}");
}

#[test]
fn libraries_stay_out_of_rooms_that_must_not_know_them() {
    for (room, strangers) in [
        ("firstline-core", ["axum", "serenity", "teloxide", "tantivy"].as_slice()),
        ("firstline-kb", &["axum", "serenity", "teloxide"]),
    ] {
        let inside = built_in(room);
        let found: Vec<&&str> = strangers.iter().filter(|name| inside.contains(**name)).collect();
        assert!(found.is_empty(), "{room} has {found:?} built in");
    }
    for (room, strangers) in [("firstline-bots", ["axum", "sqlx"].as_slice()), ("firstline", &["sqlx"])] {
        let own = direct(room);
        let found: Vec<&&str> = strangers.iter().filter(|name| own.contains(**name)).collect();
        assert!(found.is_empty(), "{room} asks for {found:?}");
    }
}
