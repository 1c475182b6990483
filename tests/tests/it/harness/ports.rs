//! Free loopback ports for programs that must be told one before they start.
use std::net::TcpListener;

/// A port nobody listens on at this moment. Another process may take it before it is used: starters retry.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    listener.local_addr().expect("a bound address").port()
}
