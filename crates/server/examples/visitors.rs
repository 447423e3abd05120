//! Many clients at once, each on a connection of its own: how long answers take, and how many fail.
//!
//! ```sh
//! monazite serve --port 8317 &
//! cargo run --release --example visitors -- 127.0.0.1:8317 500 20
//! ```

#![allow(clippy::print_stdout, reason = "an example says what it measured")]

use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// What a visitor of the atlas asks for.
const ADDRESSES: &[&str] = &[
    "/",
    "/api/v1/meta",
    "/api/v1/today",
    "/api/v1/flows?product=oxide:Dy",
    "/api/v1/chain?element=Nd",
    "/api/v1/elements/Dy",
    "/api/v1/countries/AUS",
    "/api/v1/scenarios",
    "/api/v1/data/prices?filter=element=Dy",
    "/api/v1/jobs",
];

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let address = words.next().unwrap_or_else(|| "127.0.0.1:8317".to_owned());
    let mut number = |otherwise: usize| words.next().and_then(|word| word.parse().ok()).unwrap_or(otherwise);
    let (clients, rounds) = (number(500), number(20));
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| tokio::spawn(visit(address.clone(), client, rounds)))
        .collect();
    let (mut times, mut failed, mut bytes) = (Vec::new(), 0, 0);
    for task in tasks {
        match task.await? {
            Ok(visit) => {
                times.extend(visit.times);
                failed += visit.refused;
                bytes += visit.bytes;
            }
            Err(_) => failed += rounds,
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times.get(position(times.len(), share)).copied().unwrap_or_default();
    let all = times.len() + failed;
    println!(
        "{clients} clients, {all} requests in {seconds:.2} s, {failed} failed, {} MB",
        bytes / 1_000_000
    );
    for share in [0.5, 0.9, 0.99, 1.0] {
        println!(
            "{:>4.0} % within {:>8.1} ms",
            100.0 * share,
            1e3 * at(share).as_secs_f64()
        );
    }
    Ok(())
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a position in a short list"
)]
fn position(count: usize, share: f64) -> usize {
    ((count as f64 * share).ceil() as usize).clamp(1, count.max(1)) - 1
}

#[derive(Default)]
struct Visit {
    times: Vec<Duration>,
    refused: usize,
    bytes: usize,
}

async fn visit(address: String, client: usize, rounds: usize) -> Result<Visit, Failure> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut visit = Visit::default();
    for round in 0..rounds {
        let path = ADDRESSES
            .get((client + round) % ADDRESSES.len())
            .copied()
            .unwrap_or("/");
        let asked = Instant::now();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip, br\r\n\r\n");
        stream.get_mut().write_all(request.as_bytes()).await?;
        let (status, length) = head(&mut stream).await?;
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        visit.bytes += length;
        if status == 200 {
            visit.times.push(asked.elapsed());
        } else {
            visit.refused += 1;
        }
    }
    Ok(visit)
}

/// Status and length of an answer.
async fn head(stream: &mut BufReader<TcpStream>) -> Result<(u16, usize), Failure> {
    let (mut status, mut length) = (0, 0);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err("the server hung up".into());
        }
        let text = line.trim().to_ascii_lowercase();
        if let Some(rest) = text.strip_prefix("http/1.1 ") {
            status = rest.split(' ').next().unwrap_or_default().parse()?;
        } else if let Some(rest) = text.strip_prefix("content-length:") {
            length = rest.trim().parse()?;
        } else if text.is_empty() {
            return Ok((status, length));
        }
    }
}
