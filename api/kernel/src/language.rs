//! The language of a request and its identifier, carried with the task that serves it so that any
//! problem raised on the way is answered in the caller's language.

use std::future::Future;

/// Languages of the product's texts; Italian unless the caller prefers English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Italian,
    English,
}

impl Language {
    /// Picks the best of the two from an `Accept-Language` header (RFC 9110, section 12.5.4).
    pub fn negotiate(header: Option<&str>) -> Self {
        let mut best = (0.0_f32, Self::default());
        for item in header.unwrap_or_default().split(',') {
            let mut parts = item.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality =
                parts.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse().ok())).unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("it") => Self::Italian,
                Some("en") => Self::English,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }

    /// The tag for `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
        }
    }
}

/// What a problem needs to know of the request it answers.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    pub language: Language,
    pub request_id: String,
}

tokio::task_local! {
    static CONTEXT: RequestContext;
}

/// Runs `future` with `context` as the current request.
pub fn scope<F: Future>(context: RequestContext, future: F) -> impl Future<Output = F::Output> {
    CONTEXT.scope(context, future)
}

/// The current request's context; the default outside a request (jobs, tests).
pub fn current() -> RequestContext {
    CONTEXT.try_with(Clone::clone).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_prefers_quality_and_falls_back_to_italian() {
        assert_eq!(Language::negotiate(None), Language::Italian);
        assert_eq!(Language::negotiate(Some("en-GB,en;q=0.9,it;q=0.1")), Language::English);
        assert_eq!(Language::negotiate(Some("de, fr;q=0.5")), Language::Italian);
        assert_eq!(Language::negotiate(Some("en;q=0.2, it;q=0.8")), Language::Italian);
    }
}
