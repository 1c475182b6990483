//! The HTTP side: routes, token, faults, the record of calls, and the way to each method.
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use super::api_error::{ApiError, ApiResult, success};
use super::fault::Fault;
use super::receipts::Call;
use super::state::{Shared, TOKEN};
use super::{callbacks, editing, files, polling, profile, reactions, sending, webhook};
use crate::harness::loopback::{Line, Loopback};
use crate::harness::platform_schemas;
use crate::harness::uploads::Body;

pub async fn serve(listener: Loopback, shared: Arc<Shared>) {
    let router = Router::new()
        .route("/{bot}/{method}", any(call))
        .route("/file/{bot}/{*path}", get(download))
        // The server takes uploads of 50 MB.
        .layer(DefaultBodyLimit::disable())
        .with_state(shared);
    let service = router.into_make_service_with_connect_info::<Line>();
    axum::serve(listener, service).await.expect("the fake Telegram serves");
}

fn is_ours(bot: &str) -> bool {
    bot.strip_prefix("bot") == Some(TOKEN)
}

async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let at = Instant::now();
    if !is_ours(&bot) {
        return ApiError::new(401, "Unauthorized").into_response();
    }
    let body = match Body::read(request).await {
        Ok(body) => body,
        Err(error) => {
            return ApiError::bad_request(format!("can't parse the request: {error}")).into_response();
        }
    };
    // teloxide writes SendMessage, curl users sendMessage: the server does not care.
    let method = method.to_lowercase();
    let place = body.text("chat_id");
    shared
        .change(|state| state.violations.extend(platform_schemas::telegram_call_violations(&method, &body)));
    let fault = shared.script.take(&method, place.as_deref());
    match fault {
        None => {
            let outcome = perform(&shared, &method, &body, at).await;
            record(&shared, &method, &body, at, outcome.as_ref().err().map_or(200, |error| error.code));
            outcome.map_or_else(IntoResponse::into_response, success)
        }
        Some(fault) => {
            if fault == Fault::DropAfterEffect {
                let _ = perform(&shared, &method, &body, at).await;
            }
            record(&shared, &method, &body, at, fault.status());
            fault.answer(&line).await
        }
    }
}

fn record(shared: &Shared, method: &str, body: &Body, at: Instant, status: u16) {
    let call = Call {
        method: method.to_owned(),
        chat: body.integer("chat_id"),
        fields: body.fields.clone(),
        at,
        answered: Instant::now(),
        status,
    };
    shared.change(|state| state.calls.push(call));
}

async fn perform(shared: &Shared, method: &str, body: &Body, at: Instant) -> ApiResult {
    match method {
        "getupdates" => polling::get_updates(shared, body).await,
        "setwebhook" => webhook::set(shared, body),
        "deletewebhook" => webhook::delete(shared, body),
        "getwebhookinfo" => webhook::info(shared),
        "sendmessage" => sending::message(shared, body, at),
        "sendphoto" => sending::file(shared, body, at, "photo"),
        "senddocument" => sending::file(shared, body, at, "document"),
        "sendchataction" => sending::chat_action(shared, body),
        "editmessagetext" => editing::text(shared, body, at),
        "editmessagereplymarkup" => editing::reply_markup(shared, body, at),
        "deletemessage" => editing::delete(shared, body),
        "answercallbackquery" => callbacks::answer(shared, body),
        "setmessagereaction" => reactions::set(shared, body),
        "getfile" => files::get_file(shared, body),
        _ => profile::call(shared, method, body),
    }
}

async fn download(State(shared): State<Arc<Shared>>, Path((bot, path)): Path<(String, String)>) -> Response {
    if !is_ours(&bot) {
        return ApiError::new(401, "Unauthorized").into_response();
    }
    match files::download(&shared, &path) {
        Some(bytes) => bytes.into_response(),
        None => ApiError::new(404, "Not Found").into_response(),
    }
}
