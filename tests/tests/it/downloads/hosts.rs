//! A request that does not say once and well whom it means is refused, on every path.
use super::raw::exchange;
use crate::api_server::served;

served! {
async fn a_missing_doubled_or_malformed_host_is_refused(s: TestServer) {
    for path in ["/", "/healthz", "/downloads/x/y", "/api/v1/search?q=x", "/nowhere"] {
        for host in [
            "", "Host: a.example\r\nHost: a.example\r\n", "Host: a.example\r\nHost: b.example\r\n", "Host:\r\n", "Host: a b\r\n",
            "Host: a/b\r\n", "Host: u@a.example\r\n", "Host: a:port\r\n", "Host: [::1\r\n", "Host: a, b\r\n",
        ] {
            let answer = exchange(s, &format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).await;
            assert_eq!(answer.status, 400, "{path} {host:?}");
        }
    }
    for host in ["help.example", "help.example:8080", "127.0.0.1", "[::1]:80", "localhost:"] {
        let answer = exchange(s, &format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(answer.status, 200, "{host}");
    }
    assert_eq!(exchange(s, "GET /healthz HTTP/1.0\r\n\r\n").await.status, 200);
}
}
