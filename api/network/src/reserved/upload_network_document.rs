use super::documents::{self, LARGEST, NetworkDocument};
use super::media_type::DocumentType;
use crate::Audience;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{Incoming, Query, Upload};
use concilia_kernel::{Actor, Code, Db, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// What the document is.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadNetworkDocumentQuery {
    /// What it is called.
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Documento di indirizzo"
    )]
    pub title: String,
    /// For whom it is.
    #[param(inline)]
    pub audience: Audience,
}

/// Upload a document to the reserved area
///
/// A PDF, PNG, JPEG, XLSX or DOCX file of at most 5,242,880 bytes; which of them is told by its content. An Office file
/// with macros is refused. A document stays as it was uploaded.
#[utoipa::path(
    tag = "network",
    params(UploadNetworkDocumentQuery),
    request_body(content = inline(Upload), content_type = "application/octet-stream", description = "The file.",
                 example = "%PDF-1.7\n"),
    responses((status = 201, description = "The document.", body = NetworkDocument,
        headers(("Location" = String, description = "Address of the document.")))),
)]
#[post("/v1/network-documents")]
pub async fn upload_network_document(
    actor: Actor,
    db: Data<Db>,
    query: Query<UploadNetworkDocumentQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type.is_none_or(|media_type| !media_type.trim().eq_ignore_ascii_case("application/octet-stream")) {
        return Err(Problem::new(Code::UnsupportedMediaType).explain(
            "Il corpo deve essere application/octet-stream: il tipo del file si ricava dal contenuto.",
            "The body must be application/octet-stream: what the file is, is told by its content.",
        ));
    }
    let content = Incoming::new(payload, LARGEST).whole().await?;
    let media_type = DocumentType::of(&content).ok_or_else(|| {
        Problem::new(Code::UnsupportedMediaType).explain(
            "Si accettano file PDF, PNG, JPEG, XLSX e DOCX, senza macro.",
            "PDF, PNG, JPEG, XLSX and DOCX files are taken, without macros.",
        )
    })?;
    let mut conn = db.conn().await?;
    let whose = (actor.territory_id, actor.id);
    let what = (query.title.trim(), query.audience);
    let document = documents::insert(&mut conn, whose, what, media_type, &content).await?;
    let location = format!("/v1/network-documents/{}", document.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(document))
}
