//! Connections: how many, how patient, and how they end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use crate::arguments::{Arguments, UNPROTECTED};
use crate::checkers::Checkers;
use crate::figures::While;
use crate::routes::{Service, router};

/// Bytes of a head, and its fields, at most.
const HEAD_BYTES: usize = 64 << 10;
const FIELDS: usize = 64;
/// How long accepting pauses when the system has no room for a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until SIGTERM or SIGINT, then ends what is under way.
///
/// # Errors
/// When it cannot listen, or what is under way does not end in time.
pub async fn serve(arguments: Arguments, checkers: Checkers) -> Result<(), String> {
    let listener = TcpListener::bind(arguments.listen).await.map_err(|e| format!("{}: {e}", arguments.listen))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let mut ended = std::pin::pin!(ended()?);
    let service = Arc::new(Service::new(&arguments, checkers));
    started(&address, &arguments);
    let router = router(Arc::clone(&service));
    let connections = Arc::new(Semaphore::new(usize::from(arguments.connections)));
    let graceful = GracefulShutdown::new();
    loop {
        // Further ones wait in the system's own queue.
        let permit = tokio::select! {
            permit = Arc::clone(&connections).acquire_owned() => permit.map_err(|e| e.to_string())?,
            () = &mut ended => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            () = &mut ended => break,
        };
        let counted = While::new(&service.figures.connections);
        let io = TokioIo::new(Box::pin(patient(stream, arguments.patience())));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Who says that no more of a request comes may still read the answer.
            .half_close(true)
            .header_read_timeout(arguments.patience())
            .max_buf_size(HEAD_BYTES)
            .max_headers(FIELDS)
            .serve_connection(io, TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // What a peer does wrong is its own affair.
            let _ = connection.await;
            drop((permit, counted));
        });
    }
    drop(listener);
    service.ending.store(true, Ordering::Relaxed);
    eprintln!("hallmark-serve: ending; requests under way have {} s", arguments.grace);
    match tokio::time::timeout(Duration::from_secs(arguments.grace), graceful.shutdown()).await {
        Ok(()) => Ok(()),
        Err(_) => Err("requests under way did not end in time".to_owned()),
    }
}

/// A peer that takes nothing of an answer is left after a while.
fn patient(stream: TcpStream, patience: Duration) -> TimeoutStream<TcpStream> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    stream
}

fn started(address: &SocketAddr, arguments: &Arguments) {
    eprintln!("hallmark-serve {} listens on http://{address}", env!("CARGO_PKG_VERSION"));
    if !address.ip().is_loopback() {
        eprintln!("hallmark-serve: {UNPROTECTED}");
    }
    if arguments.max_body > (1 << 30) {
        eprintln!("hallmark-serve: what reads messages takes none above 1 GiB");
    }
}

/// Ready when the process is told to end.
fn ended() -> Result<impl Future<Output = ()>, String> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
