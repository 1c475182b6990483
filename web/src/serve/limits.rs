//! How often an address may ask without a token.
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::App;
use crate::pages::PageError;

/// Beyond so many addresses the quiet ones are forgotten.
const MANY: usize = 10_000;
/// A burst may be this many seconds' worth.
const BURST_SECONDS: u32 = 10;
/// The least a page allows: somebody who chats fast (20 messages in 10 s, with their taps and searches) is
/// never held up, however tight the API is.
const PAGES_LEAST: u32 = 5;

/// One bucket per address; none when no limit is set.
pub struct Limits {
    per_address: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl Limits {
    /// `per_second` requests on average, ten times as many at once; 0 is no limit.
    pub fn new(per_second: u32) -> Limits {
        let quota = NonZeroU32::new(per_second).and_then(|rate| {
            let every = Duration::from_secs(1) / rate.get();
            let burst = NonZeroU32::new(rate.get().saturating_mul(BURST_SECONDS))?;
            Quota::with_period(every).map(|q| q.allow_burst(burst))
        });
        Limits { per_address: quota.map(RateLimiter::keyed), clock: DefaultClock::default() }
    }

    /// The same for pages; 0 is no limit here, too.
    pub fn of_pages(per_second: u32) -> Limits {
        Limits::new(if per_second == 0 { 0 } else { per_second.max(PAGES_LEAST) })
    }

    /// Takes one request of `address`, or says after how many seconds there is room again. The machine
    /// itself is not limited: a reverse proxy without `trust_proxy` would be everybody at once.
    pub fn check(&self, address: Option<IpAddr>) -> Result<(), u64> {
        let (Some(limiter), Some(address)) = (&self.per_address, address.map(bucket)) else { return Ok(()) };
        if address.is_loopback() {
            return Ok(());
        }
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        limiter.check_key(&address).map_err(|later| later.wait_time_from(self.clock.now()).as_secs() + 1)
    }
}

/// Middleware of pages: a visitor who asks too often is told to wait a little.
pub async fn visits(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match app.visits.check(client(&parts, app.config.trust_proxy)) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(_) => PageError::TooMany.into_response(),
    }
}

/// An IPv6 network hands out addresses by the billion: the first 64 bits are one client.
pub fn bucket(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        other => other,
    }
}

/// Who is asking: the connection's address, or behind a trusted proxy what that says.
pub fn client(parts: &Parts, trust_proxy: bool) -> Option<IpAddr> {
    let forwarded = || {
        // The last entry is our proxy's own; earlier ones the client may have invented.
        let value = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if trust_proxy { forwarded().or(direct) } else { direct }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_and_the_next_request_is_told_to_wait() {
        let limits = Limits::new(1);
        let somebody = Some("192.0.2.7".parse().unwrap());
        for _ in 0..10 {
            assert_eq!(limits.check(somebody), Ok(()));
        }
        assert!(limits.check(somebody).is_err());
        assert_eq!(limits.check(Some("192.0.2.8".parse().unwrap())), Ok(()));
        assert_eq!(Limits::new(0).check(somebody), Ok(()));
    }

    #[test]
    fn a_chat_has_room_for_twenty_messages_however_tight_the_api_is() {
        let limits = Limits::of_pages(1);
        let somebody = Some("192.0.2.7".parse().unwrap());
        assert!((0..20).all(|_| limits.check(somebody) == Ok(())));
        assert_eq!(limits.check(Some("127.0.0.1".parse().unwrap())), Ok(()));
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        assert_eq!(bucket("2001:db8:1:2:3::1".parse().unwrap()), bucket("2001:db8:1:2::9".parse().unwrap()));
        assert_eq!(bucket("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
