//! Lists read to their end, a page at a time, as the items are asked for.

use crate::generated::{self, types};
use crate::problem::Error;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Cursor of the next page; `None` on the last one.
    pub next: Option<String>,
}

/// An operation that answers `{items, next}`. Every generated list is one.
pub trait List: Clone + Send + Sized {
    type Item: Send;

    /// The same list, read from `cursor`.
    #[must_use]
    fn at(self, cursor: String) -> Self;

    /// One page of it.
    fn page(self) -> impl Future<Output = Result<Page<Self::Item>, generated::Error<types::Problem>>> + Send;

    /// The pages, to the last one.
    fn pages<'a>(self) -> BoxStream<'a, Result<Page<Self::Item>, Error>>
    where
        Self: 'a,
    {
        stream::try_unfold(Some(self), |next| async move {
            let Some(list) = next else { return Ok(None) };
            let page = list.clone().page().await?;
            let next = page.next.clone().map(|cursor| list.at(cursor));
            Ok(Some((page, next)))
        })
        .boxed()
    }

    /// The items of all pages, in the order of the list.
    fn items<'a>(self) -> BoxStream<'a, Result<Self::Item, Error>>
    where
        Self: 'a,
        Self::Item: 'a,
    {
        self.pages().map_ok(|page| stream::iter(page.items.into_iter().map(Ok))).try_flatten().boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seven numbers, three to a page.
    #[derive(Clone)]
    struct Numbers(u32);

    impl List for Numbers {
        type Item = u32;

        fn at(self, cursor: String) -> Self {
            Self(cursor.parse().unwrap())
        }

        async fn page(self) -> Result<Page<u32>, generated::Error<types::Problem>> {
            let items: Vec<u32> = (self.0..7).take(3).collect();
            let after = self.0 + 3;
            Ok(Page { items, next: (after < 7).then(|| after.to_string()) })
        }
    }

    #[tokio::test]
    async fn items_follow_the_cursors_to_the_end() {
        let items: Vec<u32> = Numbers(0).items().try_collect().await.unwrap();
        assert_eq!(items, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[tokio::test]
    async fn no_page_is_read_before_it_is_asked_for() {
        let first: Vec<u32> = Numbers(5).items().take(2).try_collect().await.unwrap();
        assert_eq!(first, [5, 6]);
    }
}
