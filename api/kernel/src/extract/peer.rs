use crate::problem::Problem;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

/// The caller's address, as the server's gate found it: the connection's, or the trusted proxy's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

impl FromRequest for PeerAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let seen = request.extensions().get::<Self>().copied();
        let connection = request.peer_addr().map(|peer| Self(peer.ip()));
        ready(Ok(seen.or(connection).unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))))
    }
}
