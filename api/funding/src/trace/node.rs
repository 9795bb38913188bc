use concilia_kernel::{Money, text_enum};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// What a node of the trace is, from the top down; `cost_item` is one of a project's budget, `payment` is what a
    /// provider was paid for one order.
    pub enum FundingNodeKind {
        Plan = "plan",
        ProjectCall = "project_call",
        Project = "project",
        CostItem = "cost_item",
        VoucherCall = "voucher_call",
        Voucher = "voucher",
        Order = "order",
        ProviderStatement = "provider_statement",
        Payment = "payment",
    }
}

/// A place where money stands or passes. Over all the children of a node, what they got (`amount_in`) less what they gave
/// back (`amount_back`) is the node's `amount_out`, but for cost items other than `vouchers`, whose money leaves the
/// portal.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
#[schema(example = json!({
    "kind": "voucher", "id": "0193a5d0-1111-7000-8000-000000000009",
    "resource_id": "0193a5d0-1111-7000-8000-000000000009", "parent_kind": "voucher_call",
    "parent_id": "0193a5d0-1111-7000-8000-000000000001", "label": "2026/000123-1", "state": "active",
    "amount_in": "300.00", "amount_added": "0.00", "amount_back": "0.00", "amount_out": "180.00", "grant_paid": null,
    "children": 2
}))]
pub struct FundingTraceNode {
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: FundingNodeKind,
    /// Identifies the node among those of its kind: that of the thing itself, but for a cost item `<project>:<item>` and
    /// for the part of a statement that is an order's `<statement>:<order>`.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 36, max_length = 73, pattern = "^[0-9a-f-]{36}(:[0-9a-z_-]{5,36})?$")]
    pub id: String,
    /// The thing itself: of a cost item its project, of a payment its entry of the ledger.
    #[diesel(sql_type = SqlUuid)]
    pub resource_id: Uuid,
    /// What the node above is; null at the top.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required)]
    pub parent_kind: Option<FundingNodeKind>,
    /// `id` of the node above; null at the top.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 36, max_length = 73, pattern = "^[0-9a-f-]{36}(:[0-9a-z_-]{5,36})?$")]
    pub parent_id: Option<String>,
    /// What it is called: title, item, protocol number and line, provider and date, reference of the payment. Never a
    /// family's name.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 350)]
    pub label: String,
    /// Its state; null where it has none.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, max_length = 40)]
    pub state: Option<String>,
    /// EUR that came from the node above: resources for local alliances, budget, grant assigned, cost item, money of the
    /// call, value of the voucher, money held by the order, covered on the statement, paid.
    #[diesel(sql_type = Numeric)]
    pub amount_in: Money,
    /// EUR that joined here: the co-financing of a project, planned while it runs; of a settled one, all that the grant
    /// does not bear.
    #[diesel(sql_type = Numeric)]
    pub amount_added: Money,
    /// EUR that went back to the node above: grant not due, what a cost item did not need once the account is settled,
    /// unspent voucher, order that came to nothing.
    #[diesel(sql_type = Numeric)]
    pub amount_back: Money,
    /// EUR passed on to the nodes below.
    #[diesel(sql_type = Numeric)]
    pub amount_out: Money,
    /// EUR of the grant paid to the lead, less what it gave back; null but for projects.
    #[diesel(sql_type = Nullable<Numeric>)]
    #[schema(required)]
    pub grant_paid: Option<Money>,
    /// How many nodes are below it in all, in the trace or not.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub children: i64,
    #[diesel(sql_type = Integer)]
    #[serde(skip)]
    #[schema(ignore)]
    pub level: i32,
    #[diesel(sql_type = Text)]
    #[serde(skip)]
    #[schema(ignore)]
    pub key: String,
}
