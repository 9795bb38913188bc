use serde_json::Value;
use uuid::Uuid;

/// What an operation answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub media_type: Option<String>,
    /// Null unless it is JSON.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Identifier of the resource in the body.
    #[track_caller]
    pub fn id(&self) -> Uuid {
        let id = self.body["id"].as_str().and_then(|id| id.parse().ok());
        id.unwrap_or_else(|| panic!("no id in {}", self.text()))
    }

    /// The answer itself, after asserting its status.
    #[track_caller]
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The body, after asserting the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        self.with_status(status).body
    }

    /// Identifier of what the operation created, after asserting that it did.
    #[track_caller]
    pub fn created(self) -> Uuid {
        self.with_status(201).id()
    }

    /// The body of a refusal, after asserting status and code.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Value {
        assert_eq!(self.code(), (status, code), "{}", self.text());
        self.body
    }

    /// Status and code of a refusal.
    pub fn code(&self) -> (u16, &str) {
        (self.status, self.at("/code"))
    }

    /// Pointer and code of a refusal's first error.
    pub fn fault(&self) -> (&str, &str) {
        (self.at("/errors/0/pointer"), self.at("/errors/0/code"))
    }

    /// Pointers and codes of all errors of a refusal.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors
            .map(|error| (error["pointer"].as_str().unwrap_or("-"), error["code"].as_str().unwrap_or("-")))
            .collect()
    }

    /// Status and code of a refusal and, of its first error, pointer and code.
    pub fn refusal(&self) -> (u16, &str, &str, &str) {
        let ((status, code), (pointer, fault)) = (self.code(), self.fault());
        (status, code, pointer, fault)
    }

    /// Items of a page.
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().map_or(&[], Vec::as_slice)
    }

    fn at(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or("-")
    }
}
