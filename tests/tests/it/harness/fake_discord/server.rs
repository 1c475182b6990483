//! The HTTP side: authorization, faults, the record of calls, and the way to each route.
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api_error::{RestError, RestResult};
use super::fault::Fault;
use super::state::{Call, Shared, TOKEN};
use super::{attachments, channels, commands, interactions, json as objects, messages, webhooks};
use crate::harness::loopback::{Line, Loopback};
use crate::harness::platform_schemas::discord_body_violations;
use crate::harness::uploads::{Body, Upload};

/// The words of routes; everything else in a path is an id or a token.
const WORDS: [&str; 16] = [
    "gateway",
    "bot",
    "users",
    "@me",
    "channels",
    "applications",
    "oauth2",
    "commands",
    "guilds",
    "messages",
    "typing",
    "reactions",
    "interactions",
    "callback",
    "webhooks",
    "@original",
];

/// A call with its body read: JSON, or the `payload_json` of a form and the files with it.
pub struct RestCall<'a> {
    pub method: &'a str,
    pub json: Value,
    pub query: serde_json::Map<String, Value>,
    pub files: Vec<Upload>,
    pub at: Instant,
}

pub async fn serve(listener: Loopback, shared: Arc<Shared>) {
    let router = Router::new().fallback(call).layer(DefaultBodyLimit::disable()).with_state(shared);
    let service = router.into_make_service_with_connect_info::<Line>();
    axum::serve(listener, service).await.expect("the fake Discord serves");
}

async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let at = Instant::now();
    let path = request.uri().path().to_owned();
    if path.starts_with("/attachments/") {
        return attachments::download(&shared, request.uri());
    }
    let Some(path) = path.strip_prefix("/api/v10/") else { return RestError::not_found().into_response() };
    let segments: Vec<&str> = path.split('/').collect();
    // Interactions carry their own token in the path.
    let open = matches!(segments[0], "interactions" | "webhooks" | "gateway");
    let authorized =
        request.headers().get(AUTHORIZATION).is_some_and(|value| value == format!("Bot {TOKEN}").as_str());
    if !open && !authorized {
        return RestError::unauthorized().into_response();
    }
    let method = request.method().as_str().to_owned();
    let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let query = query.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect();
    let body = match Body::read(request).await {
        Ok(body) => body,
        Err(_) => {
            return RestError::new(400, 50_109, "The request body contains invalid JSON.").into_response();
        }
    };
    let json = body.structure("payload_json").ok().flatten().unwrap_or(body.json);
    let call = RestCall { method: &method, json, query, files: body.files, at };
    note_violations(&shared, &call, &segments);
    let route = route_name(&method, &segments);
    let place = place(&shared, &segments);
    let fault = shared.script.take(&route, place.map(|id| id.to_string()).as_deref());
    let outcome = match &fault {
        None | Some(Fault::DropAfterEffect) => Some(perform(&shared, &call, &segments)),
        Some(_) => None,
    };
    let status = match (&fault, &outcome) {
        (Some(fault), _) => fault.status(),
        (None, Some(Err(error))) => error.status,
        (None, _) => 200,
    };
    shared.change(|state| state.calls.push(Call { route, place, body: call.json.clone(), at, status }));
    match (fault, outcome) {
        (Some(fault), _) => fault.answer(&line).await,
        (None, Some(Ok(Value::Null))) => StatusCode::NO_CONTENT.into_response(),
        (None, Some(Ok(value))) => Json(value).into_response(),
        (None, Some(Err(error))) => error.into_response(),
        (None, None) => RestError::not_found().into_response(),
    }
}

fn route_name(method: &str, segments: &[&str]) -> String {
    let words: Vec<&str> = segments.iter().copied().filter(|segment| WORDS.contains(segment)).collect();
    format!("{method} {}", words.join("/"))
}

/// The channel a call is about, by its path or by its interaction.
fn place(shared: &Shared, segments: &[&str]) -> Option<u64> {
    match segments {
        ["channels", id, ..] => id.parse().ok(),
        ["interactions", _, token, ..] | ["webhooks", _, token, ..] => {
            let state = shared.look();
            let mut all = state.interactions.values();
            all.find(|interaction| interaction.token == *token).map(|interaction| interaction.channel)
        }
        _ => None,
    }
}

/// Holds the body against Discord's published description, where it is at hand.
fn note_violations(shared: &Shared, call: &RestCall<'_>, segments: &[&str]) {
    let path = match segments {
        ["channels", _, "messages"] => "/channels/{channel_id}/messages",
        ["channels", _, "messages", _] => "/channels/{channel_id}/messages/{message_id}",
        ["applications", _, "commands"] => "/applications/{application_id}/commands",
        ["interactions", _, _, "callback"] => "/interactions/{interaction_id}/{interaction_token}/callback",
        ["webhooks", _, _] => "/webhooks/{webhook_id}/{webhook_token}",
        ["webhooks", _, _, "messages", "@original"] => {
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        }
        _ => return,
    };
    if call.method == "GET" || call.method == "DELETE" {
        return;
    }
    let found = discord_body_violations(&call.method.to_lowercase(), path, &call.json);
    shared.change(|state| state.violations.extend(found));
}

fn perform(shared: &Shared, call: &RestCall<'_>, segments: &[&str]) -> RestResult {
    match (call.method, segments) {
        ("GET", ["gateway"]) => Ok(json!({"url": shared.gateway_url})),
        ("GET", ["gateway", "bot"]) => Ok(json!({
            "url": shared.gateway_url,
            "shards": 1,
            "session_start_limit": {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1},
        })),
        ("GET", ["users", "@me"]) => Ok(objects::bot_user()),
        ("GET", ["users", id]) => channels::user(shared, id),
        ("POST", ["users", "@me", "channels"]) => channels::open_dm(shared, call),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Ok(objects::application()),
        (_, ["applications", id, "commands"]) => commands::call(shared, call, id, "global"),
        (_, ["applications", id, "guilds", guild, "commands"]) => commands::call(shared, call, id, guild),
        ("GET", ["channels", id]) => channels::get(shared, id),
        ("POST", ["channels", id, "typing"]) => channels::get(shared, id).map(|_| Value::Null),
        ("GET", ["channels", id, "messages"]) => messages::list(shared, call, id),
        ("POST", ["channels", id, "messages"]) => messages::create(shared, call, id),
        (_, ["channels", id, "messages", message]) => messages::one(shared, call, id, message),
        ("PUT" | "DELETE", ["channels", _, "messages", _, "reactions", _, "@me"]) => Ok(Value::Null),
        ("POST", ["interactions", id, token, "callback"]) => interactions::callback(shared, call, id, token),
        ("POST", ["webhooks", _, token]) => webhooks::follow_up(shared, call, token),
        (_, ["webhooks", _, token, "messages", message]) => webhooks::one(shared, call, token, message),
        _ => {
            let missing = format!("{} /{}: no such route in the fake", call.method, segments.join("/"));
            shared.change(|state| state.violations.push(missing));
            Err(RestError::not_found())
        }
    }
}
