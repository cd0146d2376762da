//! Paths, and what happens on each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Path, Query, Request, State};
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::arguments::Arguments;
use crate::checkers::{Checkers, now};
use crate::figures::{Figures, While};
use crate::media::{Form, wanted};
use crate::metadata::statement;
use crate::operation::{self, Answer};
use crate::outcome::Refusal;
use crate::xml;

/// Bases under which the operation stands, each with the release of its messages; the first leaves it to the settings.
const BASES: [(&str, Option<&str>); 3] = [("", None), ("/FHIR/R4", Some("4.0")), ("/FHIR/STU3", Some("3.0"))];
/// The operation, as it is written and as clients escape it.
const NAMES: [&str; 2] = ["$validate", "%24validate"];

/// What all requests share.
#[derive(Debug)]
pub struct Service {
    checkers: Checkers,
    /// What is counted.
    pub figures: Figures,
    /// Messages that may wait or be checked.
    admitted: Arc<Semaphore>,
    /// Messages that may be checked.
    running: Arc<Semaphore>,
    max_body: usize,
    patience: Duration,
    time_limit: Duration,
    quiet: bool,
    number: AtomicU64,
    /// It ends: no further request should come.
    pub ending: AtomicBool,
}

impl Service {
    /// A service as it was told.
    pub fn new(arguments: &Arguments, checkers: Checkers) -> Self {
        let workers = arguments.workers();
        Self {
            checkers,
            figures: Figures::new(),
            admitted: Arc::new(Semaphore::new(workers + arguments.queue)),
            running: Arc::new(Semaphore::new(workers)),
            max_body: arguments.max_body,
            patience: arguments.patience(),
            time_limit: Duration::from_secs(arguments.time_limit),
            quiet: arguments.quiet,
            number: AtomicU64::new(0),
            ending: AtomicBool::new(false),
        }
    }
}

/// All paths.
pub fn router(service: Arc<Service>) -> Router {
    let mut router = Router::new();
    for (base, release) in BASES {
        for name in NAMES {
            let any = move |State(service): State<Arc<Service>>, query: Pairs, request: Request| {
                validate(service, release, None, query, request)
            };
            let one =
                move |State(service): State<Arc<Service>>, Path(kind): Path<String>, query: Pairs, request: Request| {
                    validate(service, release, Some(kind), query, request)
                };
            router = router.route(&format!("{base}/{name}"), operation(post(any)));
            router = router.route(&format!("{base}/{{type}}/{name}"), operation(post(one)));
        }
        let metadata = move |query: Pairs, headers: HeaderMap| metadata(release.unwrap_or("4.0"), query, headers);
        router = router.route(&format!("{base}/metadata"), get(metadata));
    }
    router
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .fallback(nothing)
        .layer(from_fn_with_state(Arc::clone(&service), watched))
        .with_state(service)
}

type Pairs = Result<Query<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>;

/// Another method than POST is told so in FHIR's words.
fn operation(of: MethodRouter<Arc<Service>>) -> MethodRouter<Arc<Service>> {
    of.fallback(|| async {
        let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "not-supported", "$validate is asked with POST");
        let mut response = refused(&refusal, Form::Json);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        response
    })
}

async fn nothing() -> Response {
    let says = "nothing is here: POST [base]/$validate or [base]/[type]/$validate, where [base] is /, /FHIR/R4 or /FHIR/STU3; \
                GET [base]/metadata, /health or /metrics";
    refused(&Refusal::new(StatusCode::NOT_FOUND, "not-found", says), Form::Json)
}

async fn health(State(service): State<Arc<Service>>) -> Response {
    let (status, word) = match service.ending.load(Ordering::Relaxed) {
        false => (StatusCode::OK, "ok"),
        true => (StatusCode::SERVICE_UNAVAILABLE, "ending"),
    };
    (status, [(CONTENT_TYPE, "application/json")], format!("{{\"status\":\"{word}\"}}\n")).into_response()
}

async fn metrics(State(service): State<Arc<Service>>) -> Response {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, media_type)], service.figures.text()).into_response()
}

async fn metadata(release: &'static str, query: Pairs, headers: HeaderMap) -> Response {
    let format = query.ok().and_then(|Query(pairs)| pairs.into_iter().find(|(name, _)| name == "_format"));
    match wanted(format.as_ref().map(|(_, value)| value.as_str()), &accepted(&headers), Form::Json) {
        Some(form) => answer(StatusCode::OK, &statement(release), form),
        None => refused(&unacceptable(), Form::Json),
    }
}

async fn validate(
    service: Arc<Service>,
    release: Option<&'static str>,
    kind: Option<String>,
    query: Pairs,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let mut form = Form::Json;
    match carried_out(&service, release, kind, query, &head.headers, body, &mut form).await {
        Ok(done) => {
            let mut response = answer(done.status, &done.outcome, form);
            response.extensions_mut().insert(Found(done.findings));
            response
        }
        Err((refusal, reason)) => {
            service.figures.refused(reason);
            refused(&refusal, form)
        }
    }
}

/// Counts of findings, for the line of a request.
#[derive(Clone, Copy)]
struct Found([u64; 4]);

type Refused = (Refusal, &'static str);

async fn carried_out(
    service: &Arc<Service>,
    release: Option<&'static str>,
    kind: Option<String>,
    query: Pairs,
    headers: &HeaderMap,
    body: Body,
    form: &mut Form,
) -> Result<Answer, Refused> {
    let mut asked = operation::Request { release, kind, ..Default::default() };
    let mut format = None;
    let Query(pairs) = query.map_err(|_| (Refusal::bad("the query cannot be read"), "query"))?;
    for (name, value) in pairs {
        match name.as_str() {
            "profile" => asked.profiles.push(value),
            "mode" if asked.mode.is_none() => asked.mode = Some(value),
            "mode" => return Err((Refusal::bad("the query names two modes"), "query")),
            "_format" => format = Some(value),
            "_pretty" | "_summary" => {}
            _ => asked.left_aside += 1,
        }
    }
    let sent = sent_form(headers)?;
    // Answered in the form that is wanted from here on.
    *form = wanted(format.as_deref(), &accepted(headers), sent.unwrap_or(Form::Json))
        .ok_or_else(|| (unacceptable(), "accept"))?;
    let admitted = Arc::clone(&service.admitted).try_acquire_owned().map_err(|_| (busy(), "busy"))?;
    let counted = While::new(&service.figures.admitted);
    let bytes = taken_in(service, headers, body).await?;
    service.figures.body(bytes.len());
    let sent = sent.or_else(|| Form::seen(&bytes)).unwrap_or(Form::Json);
    if format.is_none() && headers.get(ACCEPT).is_none() {
        *form = sent;
    }
    let running = timeout(service.time_limit, Arc::clone(&service.running).acquire_owned()).await;
    let Ok(Ok(running)) = running else { return Err((busy(), "busy")) };
    let of = Arc::clone(service);
    on_a_thread(service.time_limit, (admitted, running, counted), move || {
        let start = Instant::now();
        let done = operation::validate(&of.checkers, &asked, &bytes, sent);
        if let Ok(done) = &done {
            of.figures.checked(done.findings, done.not_assessed, start.elapsed());
        }
        done
    })
    .await
    .inspect_err(|(_, reason)| {
        if *reason == PANIC {
            service.figures.panic();
        }
    })
}

/// Why a check came to nothing that is a fault of ours.
const PANIC: &str = "panic";

/// Does what may block on a thread for it. What is `held` is given back when the work ends, though nobody should wait for it any more.
async fn on_a_thread<T: Send + 'static>(
    limit: Duration,
    held: impl Send + 'static,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refused> {
    let working = tokio::task::spawn_blocking(move || {
        let _held = held;
        work()
    });
    match timeout(limit, working).await {
        Ok(Ok(done)) => done.map_err(|refusal| (refusal, "asked")),
        Ok(Err(_)) => {
            let says = "the check ended in a panic, which is a fault of hallmark; the service goes on";
            Err((Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", says), PANIC))
        }
        Err(_) => {
            let says = "the check took longer than the time limit of this service; `hallmark check` has none";
            Err((Refusal::new(StatusCode::GATEWAY_TIMEOUT, "timeout", says), "time"))
        }
    }
}

/// The form that `Content-Type` names; nothing where there is none.
fn sent_form(headers: &HeaderMap) -> Result<Option<Form>, Refused> {
    let unsupported = |says: &str| (Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", says), "type");
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(unsupported("a body with Content-Encoding is not taken: send it as it is"));
    }
    let Some(named) = headers.get(CONTENT_TYPE) else { return Ok(None) };
    match named.to_str().ok().and_then(Form::of) {
        Some(form) => Ok(Some(form)),
        None => Err(unsupported("Content-Type names neither application/fhir+json nor application/fhir+xml")),
    }
}

async fn taken_in(service: &Service, headers: &HeaderMap, body: Body) -> Result<Bytes, Refused> {
    let most = service.max_body;
    let too_large = || {
        let says = format!("the body is longer than {most} bytes, which is the limit of this service");
        (Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", says), "size")
    };
    let said = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    match timeout(service.patience, Limited::new(body, most).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err((Refusal::bad("the body was cut off or is not framed as its head says"), "cut-off")),
        Err(_) => {
            let says = "the body did not come in within the time that this service waits";
            Err((Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", says), "slow"))
        }
    }
}

fn busy() -> Refusal {
    let says = "as many messages are being checked and wait as this service takes; try again after a while";
    Refusal { retry: Some(1), ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "throttled", says) }
}

fn unacceptable() -> Refusal {
    Refusal::new(
        StatusCode::NOT_ACCEPTABLE,
        "not-supported",
        "Accept or _format names neither application/fhir+json nor application/fhir+xml",
    )
}

fn accepted(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect()
}

fn refused(refusal: &Refusal, form: Form) -> Response {
    let mut response = answer(refusal.status, &refusal.outcome(), form);
    if let Some(seconds) = refusal.retry {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

fn answer(status: StatusCode, resource: &Value, form: Form) -> Response {
    let bytes = match form {
        Form::Json => serde_json::to_vec(resource).map_err(std::io::Error::other),
        Form::Xml => xml::written(resource),
    };
    match bytes {
        Ok(bytes) => (status, [(CONTENT_TYPE, form.media_type()), (CACHE_CONTROL, "no-store")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Counts a request, and writes its line: route, status, bytes, time and counts; no path, query, header or body.
async fn watched(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let number = service.number.fetch_add(1, Ordering::Relaxed) + 1;
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", |path| path.as_str()).to_owned();
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known.to_owned(),
        _ => "OTHER".to_owned(),
    };
    let _counted = While::new(&service.figures.under_way);
    let mut response = next.run(request).await;
    let took = start.elapsed();
    let status = response.status().as_u16();
    service.figures.request(&route, status, took);
    if let Ok(value) = HeaderValue::from_str(&number.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    if !service.quiet {
        let found = match response.extensions().get::<Found>() {
            Some(Found([fatal, error, warning, information])) => {
                format!(" fatal={fatal} error={error} warning={warning} information={information}")
            }
            None => String::new(),
        };
        let ms = took.as_secs_f64() * 1e3;
        eprintln!("time={} request={number} method={method} route={route} status={status} ms={ms:.1}{found}", now());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_and_gives_back_what_it_held() {
        let held = Arc::new(Semaphore::new(1));
        for _ in 0..3 {
            let permit = Arc::clone(&held).acquire_owned().await.unwrap();
            let limit = Duration::from_secs(60);
            let (refusal, reason) = on_a_thread::<()>(limit, permit, || panic!("on purpose")).await.unwrap_err();
            assert_eq!((refusal.status, reason), (StatusCode::INTERNAL_SERVER_ERROR, PANIC));
        }
        assert_eq!(held.available_permits(), 1);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_answered_and_keeps_its_place_until_it_ends() {
        let held = Arc::new(Semaphore::new(1));
        let permit = Arc::clone(&held).acquire_owned().await.unwrap();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let work = move || ended.recv().map_err(|_| Refusal::bad("gone"));
        let (refusal, _) = on_a_thread(Duration::from_millis(1), permit, work).await.unwrap_err();
        assert_eq!(refusal.status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(held.available_permits(), 0);
        end.send(()).unwrap();
        // Given back only now.
        drop(held.acquire().await.unwrap());
    }
}
