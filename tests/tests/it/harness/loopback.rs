//! A listener on a free loopback port whose connections a test can cut in the middle of a request.
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Handle on one accepted connection.
#[derive(Clone, Debug, Default)]
pub struct Line(Arc<LineState>);

#[derive(Debug, Default)]
struct LineState {
    cut: AtomicBool,
    reader: AtomicWaker,
}

impl Line {
    /// The peer sees its connection reset; nothing more is read or written.
    pub fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.reader.wake();
    }

    fn check(&self) -> io::Result<()> {
        if self.0.cut.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

/// Handle on all connections of a listener.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    refusing: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<Weak<LineState>>>>,
}

impl Exchange {
    /// Cuts every connection that is open now.
    pub fn cut_all(&self) {
        for line in self.lines.lock().expect("lines").drain(..).filter_map(|line| line.upgrade()) {
            Line(line).cut();
        }
    }

    /// From now on new connections are closed as soon as they are accepted (`true`), or served again (`false`).
    pub fn refuse(&self, refusing: bool) {
        self.refusing.store(refusing, Ordering::SeqCst);
    }

    fn register(&self) -> Line {
        let line = Line::default();
        let mut lines = self.lines.lock().expect("lines");
        lines.retain(|known| known.strong_count() > 0);
        lines.push(Arc::downgrade(&line.0));
        line
    }
}

pub struct Loopback {
    listener: TcpListener,
    exchange: Exchange,
}

impl Loopback {
    pub async fn bind() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        Self { listener, exchange: Exchange::default() }
    }

    pub fn exchange(&self) -> Exchange {
        self.exchange.clone()
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("a bound address")
    }

    /// The next connection that is not refused.
    pub async fn next(&self) -> (CuttableStream, SocketAddr) {
        loop {
            let Ok((stream, peer)) = self.listener.accept().await else { continue };
            if self.exchange.refusing.load(Ordering::SeqCst) {
                continue;
            }
            // Without this every small answer waits for the peer's delayed acknowledgement.
            let _ = stream.set_nodelay(true);
            return (CuttableStream { stream, line: self.exchange.register() }, peer);
        }
    }
}

impl Listener for Loopback {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        self.next().await
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Loopback>> for Line {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        stream.io().line.clone()
    }
}

#[derive(Debug)]
pub struct CuttableStream {
    stream: TcpStream,
    line: Line,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.line.0.reader.register(task.waker());
        self.line.check()?;
        Pin::new(&mut self.stream).poll_read(task, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
