//! A few orders in various states, placed and moved as families and providers would.

use super::accounts::account_id;
use super::households::{member_id, worker_id};
use super::{Loader, Populated, catalogue};
use crate::demo::data::{DataError, FamilyData, OrderData};
use crate::demo::ids;
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::{Actor, Problem, Role, new_id};
use concilia_ledger::active_vouchers;
use concilia_marketplace::family_plans::{FamilyPlanInput, FamilyPlanItemInput, order_at_once};
use concilia_marketplace::orders::move_order;
use concilia_marketplace::rules::{ACCEPT, CANCEL, CONFIRM, DELIVER, Move, OrderState, REJECT, START};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    loader: &Loader<'_>,
    populated: &Populated<'_>,
) -> Result<(), Problem> {
    let code = &populated.territory.head.code;
    for family in
        loader.data.families.iter().filter(|family| family.territory == *code && !family.orders.is_empty())
    {
        let worker = actor(code, &family.email, Role::Worker, &family.employer);
        let input = plan(conn, populated, family).await?;
        let order_ids = order_at_once(conn, &loader.vault, &worker, &input).await?;
        for (order, order_id) in family.orders.iter().zip(order_ids) {
            for (role, made) in moves_to(order.state)? {
                let actor = if *role == Role::Worker { worker.clone() } else { provider(loader, code, order)? };
                move_order(conn, &actor, order_id, made).await?;
            }
        }
    }
    Ok(())
}

/// The plan of a family's orders, each with the voucher of its child.
async fn plan(
    conn: &mut AsyncPgConnection,
    populated: &Populated<'_>,
    data: &FamilyData,
) -> Result<FamilyPlanInput, Problem> {
    let family = populated.families.iter().find(|family| family.email == data.email);
    let family = family.ok_or_else(|| DataError(format!("no family of {}", data.email)))?;
    let vouchers = active_vouchers(conn, populated.territory_id, worker_id(family)).await?;
    let vouchers: HashMap<Uuid, Uuid> = vouchers.into_iter().collect();
    let items = data.orders.iter().map(|order| {
        let service_id = catalogue::service_id(populated.territory, &order.service, &order.provider);
        let household_member_id = member_id(family, order.child);
        FamilyPlanItemInput {
            service_id,
            service_session_id: order.session.map(|index| catalogue::session_id(service_id, index)),
            household_member_id,
            voucher_id: vouchers.get(&household_member_id).copied(),
            quantity: order.quantity,
            note: None,
        }
    });
    Ok(FamilyPlanInput { store_id: catalogue::store_id(populated.territory), items: items.collect() })
}

/// Who moves an order, and how, until it is in a state.
fn moves_to(state: OrderState) -> Result<&'static [(Role, &'static Move)], DataError> {
    const CONFIRMED: (Role, &Move) = (Role::Provider, &CONFIRM);
    const DELIVERED: (Role, &Move) = (Role::Provider, &DELIVER);
    Ok(match state {
        OrderState::Requested => &[],
        OrderState::Confirmed => &[CONFIRMED],
        OrderState::InService => &[CONFIRMED, (Role::Provider, &START)],
        OrderState::Delivered => &[CONFIRMED, DELIVERED],
        OrderState::Accepted => &[CONFIRMED, DELIVERED, (Role::Worker, &ACCEPT)],
        OrderState::Rejected => &[(Role::Provider, &REJECT)],
        OrderState::Cancelled => &[(Role::Worker, &CANCEL)],
        other => return Err(DataError(format!("no way to an order in state {other}"))),
    })
}

/// The provider's officer, who has to be able to log in.
fn provider(loader: &Loader<'_>, code: &str, order: &OrderData) -> Result<Actor, DataError> {
    let mut officers = loader.data.accounts.officers.iter();
    let officer = officers
        .find(|o| o.role == Role::Provider && o.territory == code && o.organisation == order.provider)
        .ok_or_else(|| DataError(format!("no officer of {}", order.provider)))?;
    Ok(actor(code, &officer.email, Role::Provider, &officer.organisation))
}

/// An account at work in one of its roles, as its access token would say.
fn actor(territory_code: &str, email: &str, role: Role, organisation: &str) -> Actor {
    Actor::from_claims(&AccessClaims {
        iss: String::new(),
        aud: String::new(),
        sub: account_id(email),
        client_id: String::new(),
        iat: 0,
        exp: 0,
        jti: new_id(),
        sid: None,
        territory: ids::territory(territory_code),
        roles: vec![RoleClaim { role, organisation: ids::organisation(territory_code, organisation) }],
    })
}
