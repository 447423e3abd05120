//! Connections: how many at once, and how long one may keep the server waiting.
//!
//! A client that sends its request a byte a minute, or opens connections and says nothing, holds a place that others
//! need. So the head of a request must arrive within [`Limits::head_time`], also the next one on a kept connection, and
//! there are [`Limits::connections`] places: whoever comes later waits until one is free, which is soon, because a silent
//! client loses its place.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::program::stopped;
use crate::settings::Limits;

/// How long to wait after a connection could not be taken, for want of file handles for example.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until told to stop, then lets open ones finish what they are at.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time);
    let places = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    loop {
        let (place, taken) = tokio::select! {
            next = next(&places, &listener) => next,
            () = stopped(&mut stop) => break,
        };
        let Ok(stream) = taken else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers at once; a connection without it works too.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // How a client went away is its own business.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// The next connection, once there is a place for it.
async fn next(
    places: &Arc<Semaphore>,
    listener: &TcpListener,
) -> (
    Option<tokio::sync::OwnedSemaphorePermit>,
    std::io::Result<tokio::net::TcpStream>,
) {
    // Nobody closes the places, so one comes.
    let place = Arc::clone(places).acquire_owned().await.ok();
    (place, listener.accept().await.map(|(stream, _)| stream))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    async fn started(limits: Limits) -> std::io::Result<(std::net::SocketAddr, watch::Sender<bool>)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, closing) = watch::channel(false);
        let router = Router::new().route("/", get(|| async { "here" }));
        tokio::spawn(serve(listener, router, limits, closing));
        Ok((address, stop))
    }

    async fn asked(address: std::net::SocketAddr) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    fn short(connections: usize) -> Limits {
        Limits {
            connections,
            head_time: Duration::from_millis(400),
            ..Limits::default()
        }
    }

    #[tokio::test]
    async fn a_head_that_does_not_come_loses_its_place() -> Outcome {
        let (address, _stop) = started(short(8)).await?;
        for sent in [&b""[..], b"GET / HTTP/1.1\r\nhost: local"] {
            let began = Instant::now();
            let mut slow = TcpStream::connect(address).await?;
            slow.write_all(sent).await?;
            let mut rest = Vec::new();
            // It is answered with a timeout or with nothing, and closed.
            tokio::time::timeout(Duration::from_secs(5), slow.read_to_end(&mut rest)).await??;
            assert!(began.elapsed() >= Duration::from_millis(350), "closed too early");
            assert!(!String::from_utf8_lossy(&rest).contains("here"));
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_kept_connection_that_falls_silent_is_closed() -> Outcome {
        let (address, _stop) = started(short(8)).await?;
        let mut kept = TcpStream::connect(address).await?;
        kept.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await?;
        let mut all = Vec::new();
        tokio::time::timeout(Duration::from_secs(5), kept.read_to_end(&mut all)).await??;
        assert!(String::from_utf8_lossy(&all).ends_with("here"));
        Ok(())
    }

    #[tokio::test]
    async fn silent_clients_cannot_keep_others_out() -> Outcome {
        let (address, _stop) = started(short(4)).await?;
        let mut silent = Vec::new();
        for _ in 0..4 {
            silent.push(TcpStream::connect(address).await?);
        }
        let began = Instant::now();
        let answer = tokio::time::timeout(Duration::from_secs(5), asked(address)).await??;
        assert!(answer.ends_with("here"), "{answer}");
        assert!(
            began.elapsed() >= Duration::from_millis(200),
            "there were more than four places"
        );
        drop(silent);
        Ok(())
    }

    #[tokio::test]
    async fn it_stops_when_told() -> Outcome {
        let (address, stop) = started(short(4)).await?;
        assert!(asked(address).await?.ends_with("here"));
        stop.send(true)?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(TcpStream::connect(address).await.is_err());
        Ok(())
    }
}
