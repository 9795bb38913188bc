//! Where the generated operations meet the hand-written layer.

use crate::connection::Connection;
use crate::generated::{Client, ClientInfo, Error, IDEMPOTENT, MEDIA_TYPES};
use crate::retry::IDEMPOTENCY_KEY;
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Response};

impl ClientHooks<Connection> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        if let Some((_, media_type)) = MEDIA_TYPES.iter().find(|(operation, _)| *operation == info.operation_id) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        if IDEMPOTENT.contains(&info.operation_id) && !headers.contains_key(IDEMPOTENCY_KEY) {
            let key = uuid::Uuid::now_v7().to_string();
            headers.insert(IDEMPOTENCY_KEY, key.try_into()?);
        }
        Ok(())
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().send(self.client(), request).await
    }
}
