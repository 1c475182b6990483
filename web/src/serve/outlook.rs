//! How the server is seen from outside when nobody said so.
use std::net::SocketAddr;

/// The address a browser on this machine opens.
pub fn local_url(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() {
        format!("http://localhost:{}", addr.port())
    } else {
        format!("http://{addr}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_nobody_can_open_becomes_localhost() {
        assert_eq!(local_url("0.0.0.0:80".parse().unwrap()), "http://localhost:80");
        assert_eq!(local_url("127.0.0.1:8080".parse().unwrap()), "http://127.0.0.1:8080");
        assert_eq!(local_url("[::1]:8080".parse().unwrap()), "http://[::1]:8080");
    }
}
