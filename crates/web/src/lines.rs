//! Connections: taken as long as there is room, closed when the client dawdles, let to end when
//! the house closes. HTTP/1.1; TLS and HTTP/2 are a gateway's.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Service;

use crate::config::Limits;

/// How long to wait when the machine has no connection to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers every connection until `stop`, then waits for those that are still talking.
pub(crate) async fn answer_all(
    router: Router,
    limits: &Limits,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) {
    let (closing, open) = watch::channel(false);
    let room = Arc::new(Semaphore::new(limits.connections.max(1)));
    let head = Duration::from_secs(limits.head_seconds.max(1));
    let mut stop = pin!(stop);
    loop {
        let accept = async {
            let seat = Arc::clone(&room).acquire_owned().await;
            (seat, listener.accept().await)
        };
        let (seat, accepted) = tokio::select! {
            both = accept => both,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let line = answer(router.clone(), stream, peer, head, open.clone());
                tokio::spawn(async move {
                    line.await;
                    drop(seat);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    drop(open);
    closing.send_replace(true);
    closing.closed().await;
}

/// Answers one connection to its end.
async fn answer(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    head: Duration,
    mut open: watch::Receiver<bool>,
) {
    // Without it small answers wait for an acknowledgement; with an error they only do so.
    let _slower_at_worst = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let line = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service);
    let mut line = pin!(line);
    let ended = tokio::select! {
        ended = line.as_mut() => ended,
        _ = open.changed() => {
            line.as_mut().graceful_shutdown();
            line.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
