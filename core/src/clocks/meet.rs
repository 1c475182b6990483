//! Which event keeps which promise.
use super::What;
use crate::plan::{Instead, Milestone, Target};

/// What an event does to a clock that is not met yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    None,
    /// The promise is kept for good.
    Met,
    /// Kept because the case is solved; opening it again takes that back.
    Solved,
    /// A plan handed over or agreed: keeps the first, or the second, promise of a plan.
    PlanGiven,
    /// The customer heard a person: the wait begins anew.
    Word,
    /// The due time is the plan's date from now on.
    Replaced(crate::Time),
}

pub fn effect(target: &Target, what: &What) -> Effect {
    use Effect::*;
    let solved = matches!(what, What::Status(status) if !status.is_open());
    match target.milestone {
        // Once it is solved or withdrawn nobody waits for a first answer any more.
        Milestone::FirstResponse => met_if(solved || *what == What::AgentMessage),
        Milestone::NextUpdate if solved => Solved,
        Milestone::NextUpdate => match what {
            What::AgentMessage | What::PlanConfirmed(_) | What::Arrived | What::RepairedOnSite => Word,
            _ => None,
        },
        // The report is owed whether the ticket is closed or not.
        Milestone::Report => met_if(*what == What::ReportSent),
        _ if solved => Solved,
        Milestone::Dispatch => met_if(
            matches!(what, What::Arrived | What::RepairedOnSite)
                || what.triggers(crate::plan::Trigger::OnSite),
        ),
        Milestone::Plan | Milestone::ContingencyPlan | Milestone::FixPlan => match what {
            What::PlanConfirmed(_) | What::PlanProposed => PlanGiven,
            _ => None,
        },
        Milestone::OnSite => met_if(matches!(what, What::Arrived | What::RepairedOnSite)),
        Milestone::Substitute => match what {
            What::SubstituteProvided => Met,
            What::RepairedOnSite => Solved,
            _ => None,
        },
        Milestone::Resolve => resolve(target, what),
        Milestone::Return => None,
    }
}

fn met_if(yes: bool) -> Effect {
    if yes { Effect::Met } else { Effect::None }
}

fn resolve(target: &Target, what: &What) -> Effect {
    match what {
        What::RepairedOnSite => Effect::Solved,
        What::SubstituteProvided if target.instead.contains(&Instead::SubstituteProvided) => Effect::Met,
        What::PlanConfirmed(due) if target.instead.contains(&Instead::PlanConfirmed) => {
            Effect::Replaced(*due)
        }
        _ => Effect::None,
    }
}

/// The how-manieth plan a milestone asks for: the contingency plan comes first, the fix plan second.
pub fn plan_number(milestone: Milestone) -> usize {
    if milestone == Milestone::FixPlan { 2 } else { 1 }
}
