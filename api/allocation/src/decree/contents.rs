use crate::allocations::{Allocation, AllocationRow};
use crate::queries;
use chrono::NaiveDate;
use concilia_kernel::clock::italian_day;
use concilia_kernel::{Actor, Db, Problem, Role};
use concilia_network::{Territory, find_territory};
use concilia_planning::{Plan, ProjectCall, find_plan, find_project_call};
use uuid::Uuid;

/// Everything that the decree's table says.
pub(super) struct Contents {
    pub run: Allocation,
    pub rows: Vec<AllocationRow>,
    pub call: ProjectCall,
    pub plan: Plan,
    pub territory: Territory,
}

impl Contents {
    /// What is said of a run that the caller may see.
    pub(super) async fn read(db: &Db, actor: &Actor, id: Uuid) -> Result<Self, Problem> {
        let territory_id = actor.territory_id;
        let reader = db.reader().await?;
        let run = queries::allocations::find(&mut &**reader, territory_id, actor.has(Role::Ats), id).await?;
        let run = run.ok_or_else(Problem::not_found)?;
        let (mut listed, mut calls, mut territories) = (&**reader, &**reader, &**reader);
        let (rows, call, territory) = futures_util::try_join!(
            queries::allocation_rows::list(&mut listed, territory_id, id, None, None),
            find_project_call(&mut calls, territory_id, run.project_call_id),
            find_territory(&mut territories, territory_id),
        )?;
        let call = call.ok_or_else(Problem::not_found)?;
        let plan = find_plan(&mut &**reader, territory_id, call.plan_id).await?;
        Ok(Self {
            rows: rows.into_iter().map(AllocationRow::from).collect(),
            run,
            call,
            plan: plan.ok_or_else(Problem::not_found)?,
            territory: territory.ok_or_else(Problem::not_found)?,
        })
    }

    /// The day of the act; before there is one, the day of the computation.
    pub(super) fn day(&self) -> NaiveDate {
        self.run.act_date.unwrap_or_else(|| italian_day(self.run.computed_at))
    }

    /// Name of the file, without what follows the point.
    pub(super) fn file_name(&self) -> String {
        format!("riparto-avviso-{}-n-{}", self.call.number, self.run.number)
    }
}
