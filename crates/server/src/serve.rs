//! The server: all routes behind the guard, listening until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use monazite_evidence::Dataset;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::api;
use crate::assets::Assets;
use crate::connections;
use crate::content;
use crate::desk::Desk;
use crate::error::ServerError;
use crate::guard::{self, Guard};
use crate::problem::Problem;
use crate::settings::Settings;

/// Open connections get so long to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// So long the server waits for visitors before it works ahead.
const BEFORE_WORK: Duration = Duration::from_secs(1);

/// The server as a service, and the way to stop its work.
pub struct App {
    /// All routes.
    pub router: Router,
    /// Send `true` when the server stops: streams end, and jobs wait in their folders for the next start.
    pub stop: watch::Sender<bool>,
    assets: Assets,
    desk: Arc<Desk>,
}

/// All routes behind the guard. It needs a Tokio runtime around it.
///
/// # Errors
/// When the settings are unsafe or the folder of the jobs cannot be used.
pub fn app(settings: Settings, dataset: Dataset) -> Result<App, ServerError> {
    let (stop, closing) = watch::channel(false);
    let guard = Guard::new(&settings);
    let (largest, pause) = (settings.limits.file_bytes, settings.limits.body_pause);
    let desk = Desk::new(settings, dataset, closing)?;
    let assets = Assets::new();
    let files = assets.clone();
    let router = api::routes(Arc::clone(&desk))
        .fallback(move |address: Uri| {
            let files = files.clone();
            async move { elsewhere(&files, &address) }
        })
        .layer(DefaultBodyLimit::max(largest))
        .layer(RequestBodyTimeoutLayer::new(pause))
        .layer(middleware::from_fn(content::send))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::failed("the server made a mistake of its own").into_response()
        }))
        .layer(middleware::from_fn_with_state(guard, guard::watch));
    Ok(App {
        router,
        stop,
        assets,
        desk,
    })
}

/// What is no route of the API is a file of the front end.
fn elsewhere(files: &Assets, address: &Uri) -> Response {
    if address.path().starts_with("/api/") || address.path() == "/api" {
        return Problem::missing("there is nothing at this address")
            .hint("/api/docs/ lists what can be asked")
            .into_response();
    }
    files.at(address)
}

/// Serves until the process is told to stop (Ctrl-C, or a polite kill). `ready` gets the address once it can be opened.
///
/// # Errors
/// When the settings are unsafe, the folder of the jobs cannot be used, or the address cannot be listened on.
pub fn serve(settings: Settings, dataset: Dataset, ready: impl FnOnce(&str)) -> Result<(), ServerError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| ServerError::Start(error.to_string()))?;
    let served = runtime.block_on(run(settings, dataset, ready));
    // Work that cannot be interrupted must not keep the program from ending.
    runtime.shutdown_timeout(GRACE);
    served
}

async fn run(settings: Settings, dataset: Dataset, ready: impl FnOnce(&str)) -> Result<(), ServerError> {
    settings.check()?;
    let (host, port) = (settings.host.clone(), settings.port);
    let token = settings.token.clone();
    let limits = settings.limits;
    let no_address = |source| ServerError::Address {
        host: host.clone(),
        port,
        source,
    };
    let bare = host.trim_matches(['[', ']']);
    let listener = TcpListener::bind((bare, port)).await.map_err(no_address)?;
    let address = listener.local_addr().map_err(no_address)?;
    let app = app(settings, dataset)?;
    let assets = app.assets.clone();
    tokio::task::spawn_blocking(move || assets.prepare());
    let query = token.map_or_else(String::new, |token| format!("?token={token}"));
    ready(&format!("http://{address}/{query}"));
    let (stop, desk) = (app.stop, app.desk);
    let mut ended = stop.subscribe();
    let serving = connections::serve(listener, app.router, limits, stop.subscribe());
    tokio::spawn(async move {
        told_to_stop().await;
        // Nobody is left to be told when all have ended already.
        let _ = stop.send(true);
    });
    // The one answer that takes seconds is worked out before somebody asks; the first page goes before it.
    tokio::spawn(async move {
        tokio::time::sleep(BEFORE_WORK).await;
        api::prepare(&desk).await;
    });
    tokio::select! {
        () = serving => {}
        () = async {
            crate::program::stopped(&mut ended).await;
            tokio::time::sleep(GRACE).await;
        } => {}
    }
    Ok(())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Opens an address in the browser of whoever sits at this machine.
///
/// # Errors
/// When no browser is found.
pub fn open_browser(address: &str) -> std::io::Result<()> {
    open::that_detached(address)
}
