//! The loop: messages of the editor in, checks on a thread of their own, answers and diagnostics out.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use hallmark::session::{Checked, Hallmark};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::Notification as _;
use lsp_types::request::Request as _;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions, InitializeParams,
    InitializeResult, OneOf, PublishDiagnosticsParams, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, Uri, notification, request,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::checkers::Checkers;
use crate::documents::{Document, path};
use crate::{actions, completion, findings, hover, references, symbols};

/// How long typing must rest before a document is checked.
const REST: Duration = Duration::from_millis(150);

/// What is to be checked.
struct Job {
    uri: Uri,
    version: i32,
    text: String,
}

/// What came of it.
struct Done {
    uri: Uri,
    version: i32,
    checked: Result<Checked, String>,
}

type Shared = Arc<Mutex<Checkers>>;

/// Serves until the editor says that it ends.
///
/// # Errors
/// When the editor breaks the protocol or goes away.
pub fn serve(connection: &Connection) -> Result<(), String> {
    let (id, params) = connection.initialize_start().map_err(|e| e.to_string())?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|_| "the initialize request cannot be read")?;
    let item = params.capabilities.text_document.and_then(|of| of.completion).and_then(|of| of.completion_item);
    let snippets = item.and_then(|of| of.snippet_support).unwrap_or(false);
    let result = InitializeResult {
        capabilities: capabilities(),
        server_info: Some(ServerInfo { name: "hallmark-lsp".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
    };
    let result = serde_json::to_value(result).map_err(|e| e.to_string())?;
    connection.initialize_finish(id, result).map_err(|e| e.to_string())?;
    let checkers = Shared::default();
    let (jobs, waiting) = unbounded();
    let (results, done) = unbounded();
    let shared = Arc::clone(&checkers);
    let worker = thread::spawn(move || work(&shared, &waiting, &results));
    let mut server = Server {
        sender: connection.sender.clone(),
        documents: HashMap::new(),
        due: HashMap::new(),
        checkers,
        jobs,
        snippets,
    };
    let ended = server.run(connection, &done);
    // Without its jobs the thread ends.
    drop(server);
    let _ = worker.join();
    ended
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        hover_provider: Some(true.into()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["\"", "<", "/", ":"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, actions::FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

/// Checks what comes; of several states of one document the last.
fn work(checkers: &Mutex<Checkers>, waiting: &Receiver<Job>, results: &Sender<Done>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        for job in waiting.try_iter() {
            jobs.retain(|other| other.uri != job.uri);
            jobs.push(job);
        }
        for Job { uri, version, text } in jobs {
            let file = path(&uri);
            let checker = checkers.lock().unwrap_or_else(PoisonError::into_inner).of(file.as_deref());
            let source = file.map(|file| file.display().to_string()).unwrap_or_default();
            let checked = checker.and_then(|checker| {
                let check = || checker.check_as(&source, text.as_bytes());
                catch_unwind(AssertUnwindSafe(check))
                    .map_err(|_| "the check ended in a panic, a fault of hallmark".to_owned())
            });
            if results.send(Done { uri, version, checked }).is_err() {
                return;
            }
        }
    }
}

struct Server {
    sender: Sender<Message>,
    documents: HashMap<String, Document>,
    /// When documents are to be checked.
    due: HashMap<String, (Uri, Instant)>,
    checkers: Shared,
    jobs: Sender<Job>,
    snippets: bool,
}

impl Server {
    fn run(&mut self, connection: &Connection, done: &Receiver<Done>) -> Result<(), String> {
        loop {
            let now = Instant::now();
            let next = self.due.values().map(|(_, at)| at.saturating_duration_since(now)).min();
            select! {
                recv(connection.receiver) -> message => match message {
                    Ok(Message::Request(request)) => {
                        if connection.handle_shutdown(&request).map_err(|e| e.to_string())? {
                            return Ok(());
                        }
                        let response = self.request(request);
                        self.send(Message::Response(response))?;
                    }
                    Ok(Message::Notification(note)) => self.note(note)?,
                    Ok(Message::Response(_)) => {}
                    Err(_) => return Err("the editor went away".to_owned()),
                },
                recv(done) -> done => if let Ok(done) = done {
                    self.found(done)?;
                },
                default(next.unwrap_or(Duration::from_secs(3600))) => {}
            }
            self.check_due();
        }
    }

    fn send(&self, message: Message) -> Result<(), String> {
        self.sender.send(message).map_err(|_| "the editor went away".to_owned())
    }

    fn check_due(&mut self) {
        let now = Instant::now();
        let due: Vec<String> = self.due.iter().filter(|(_, (_, at))| *at <= now).map(|(key, _)| key.clone()).collect();
        for key in due {
            let Some((uri, _)) = self.due.remove(&key) else { continue };
            let Some(document) = self.documents.get_mut(&key) else { continue };
            if document.outline().is_fhir(&document.text) {
                let job = Job { uri, version: document.version, text: document.text.clone() };
                // It ends with us.
                let _ = self.jobs.send(job);
            } else if document.checked.take().is_some() {
                let _ = self.publish(uri, Vec::new(), None);
            }
        }
    }

    fn note(&mut self, note: Notification) -> Result<(), String> {
        match note.method.as_str() {
            notification::DidOpenTextDocument::METHOD => {
                let Ok(params) = read::<lsp_types::DidOpenTextDocumentParams>(note.params) else { return Ok(()) };
                let opened = params.text_document;
                let key = opened.uri.as_str().to_owned();
                self.documents.insert(key.clone(), Document::new(opened.text, opened.version));
                self.due.insert(key, (opened.uri, Instant::now()));
            }
            notification::DidChangeTextDocument::METHOD => {
                let Ok(params) = read::<lsp_types::DidChangeTextDocumentParams>(note.params) else { return Ok(()) };
                let key = params.text_document.uri.as_str().to_owned();
                if let Some(document) = self.documents.get_mut(&key) {
                    for change in params.content_changes {
                        document.change(change, params.text_document.version);
                    }
                    self.due.insert(key, (params.text_document.uri, Instant::now() + REST));
                }
            }
            notification::DidCloseTextDocument::METHOD => {
                let Ok(params) = read::<lsp_types::DidCloseTextDocumentParams>(note.params) else { return Ok(()) };
                let uri = params.text_document.uri;
                self.documents.remove(uri.as_str());
                self.due.remove(uri.as_str());
                self.publish(uri, Vec::new(), None)?;
            }
            // A hallmark.toml has changed: everything may be other than it was.
            notification::DidChangeWatchedFiles::METHOD | notification::DidChangeConfiguration::METHOD => {
                for key in self.documents.keys() {
                    if let Ok(uri) = key.parse() {
                        self.due.insert(key.clone(), (uri, Instant::now()));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn found(&mut self, done: Done) -> Result<(), String> {
        let Some(document) = self.documents.get_mut(done.uri.as_str()) else { return Ok(()) };
        // Of a state that is past nothing is said: its places are gone.
        if document.version != done.version {
            return Ok(());
        }
        let diagnostics = match done.checked {
            Ok(checked) => {
                let checked = Arc::new(checked);
                document.checked = Some((done.version, Arc::clone(&checked)));
                findings::diagnostics(document, &checked)
            }
            Err(why) => vec![findings::not_checked(&why)],
        };
        self.publish(done.uri, diagnostics, Some(done.version))
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>, version: Option<i32>) -> Result<(), String> {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        let note = Notification::new(notification::PublishDiagnostics::METHOD.to_owned(), params);
        self.send(Message::Notification(note))
    }

    fn request(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        // A fault of ours costs one answer, not the session.
        let answer = catch_unwind(AssertUnwindSafe(|| self.answer(request)));
        match answer {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err((code, why))) => Response::new_err(id, code as i32, why),
            Err(_) => {
                Response::new_err(id, ErrorCode::InternalError as i32, "a panic, which is a fault of hallmark".into())
            }
        }
    }

    fn answer(&mut self, request: Request) -> Result<Value, (ErrorCode, String)> {
        let snippets = self.snippets;
        match request.method.as_str() {
            request::HoverRequest::METHOD => {
                let params: lsp_types::HoverParams = params(request.params)?;
                let at = params.text_document_position_params;
                self.on(&at.text_document.uri, |document, hallmark| json(hover::hover(document, hallmark, at.position)))
            }
            request::Completion::METHOD => {
                let params: lsp_types::CompletionParams = params(request.params)?;
                let at = params.text_document_position;
                self.on(&at.text_document.uri, |document, hallmark| {
                    json(completion::complete(document, hallmark, at.position, snippets))
                })
            }
            request::CodeActionRequest::METHOD => {
                let params: lsp_types::CodeActionParams = params(request.params)?;
                let uri = params.text_document.uri.clone();
                self.on(&uri, |document, hallmark| json(actions::actions(document, hallmark, &params)))
            }
            request::DocumentSymbolRequest::METHOD => {
                let params: lsp_types::DocumentSymbolParams = params(request.params)?;
                self.on(&params.text_document.uri, |document, _| json(symbols::symbols(document)))
            }
            request::GotoDefinition::METHOD => {
                let params: lsp_types::GotoDefinitionParams = params(request.params)?;
                let at = params.text_document_position_params;
                Ok(json(references::target(&mut self.documents, &at.text_document.uri, at.position)))
            }
            _ => Err((ErrorCode::MethodNotFound, "this is not offered".to_owned())),
        }
    }

    /// Answers from a document that is FHIR; from others nothing is to be said.
    fn on(
        &mut self,
        uri: &Uri,
        answer: impl FnOnce(&mut Document, &Hallmark) -> Value,
    ) -> Result<Value, (ErrorCode, String)> {
        let Some(document) = self.documents.get_mut(uri.as_str()) else { return Ok(Value::Null) };
        if document.outline().nodes.is_empty() {
            return Ok(Value::Null);
        }
        let checker = self.checkers.lock().unwrap_or_else(PoisonError::into_inner).of(path(uri).as_deref());
        let hallmark = checker.map_err(|why| (ErrorCode::RequestFailed, why))?;
        Ok(answer(document, &hallmark))
    }
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(value)
}

fn params<T: DeserializeOwned>(value: Value) -> Result<T, (ErrorCode, String)> {
    read(value).map_err(|_| (ErrorCode::InvalidParams, "the parameters cannot be read".to_owned()))
}
