//! From the text of a plan to a plan: sections read one by one, names resolved.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::{self, Checked, Fault};
use super::file::{EscalationFile, PausesFile, PeriodFile, TargetFile, Top, section};
use super::{Escalation, Moment, Plan, Recipient, Reopening, SpecialPeriod, Target};
use crate::calendar::{ALWAYS, Calendar, CalendarSpec, HolidaySets};
use crate::severity::{Course, Scheme};
use crate::ticket::Status;

/// `None` when the top of the file cannot be read; then the fault says why.
pub fn build(text: &str, sets: &HolidaySets, found: &mut Checked) -> Option<Plan> {
    let Checked { faults, warnings, .. } = found;
    let top: Top = match toml::from_str(text) {
        Ok(top) => top,
        Err(e) => {
            faults.push(Fault::new(key_of(&e), e.to_string().trim().to_owned()));
            return None;
        }
    };
    let Ok(zone) = jiff::tz::TimeZone::get(&top.time_zone) else {
        let reason = format!("{:?} is no time zone such as Asia/Shanghai", top.time_zone);
        faults.push(Fault::new("time_zone", reason));
        return None;
    };
    let always = Calendar::always(&top.time_zone, zone);
    let mut calendars = BTreeMap::from([(ALWAYS.to_owned(), Arc::new(always))]);
    let mut broken = Vec::new();
    for (name, value) in top.calendars {
        if value.get("holidays").is_some() && value.get("make_up_days").is_none() {
            let reason = "not said: make-up working days stay free; write \"free\" or their hours";
            warnings.push(Fault::new(format!("calendars.{name}.make_up_days"), reason));
        }
        broken.push(name.clone());
        let spec: Option<CalendarSpec> = section(&format!("calendars.{name}"), value, faults);
        match spec.map(|s| s.build(&name, &top.time_zone, sets)) {
            Some(Ok(calendar)) => {
                broken.pop();
                calendars.insert(name, Arc::new(calendar));
            }
            Some(Err(crate::Error::Invalid { field, reason })) => faults.push(Fault::new(field, reason)),
            Some(Err(e)) => faults.push(Fault::new(format!("calendars.{name}"), e.to_string())),
            None => {}
        }
    }
    let severity = read_scheme(top.severity, faults)?;
    let pauses: PausesFile = top.pauses.and_then(|p| section("pauses", p, faults)).unwrap_or_default();
    let reopening = match pauses.reopening.as_deref().unwrap_or("continues").parse::<Reopening>() {
        Ok(reopening) => reopening,
        Err(e) => {
            faults.push(Fault::new("pauses.reopening", e.to_string()));
            Reopening::Continues
        }
    };
    let mut reader = Reader { calendars: &calendars, broken: &broken, statuses: &pauses.statuses, faults };
    let targets = reader.targets("targets", top.targets);
    let special_periods = reader.periods(top.special_periods);
    let service =
        reader.calendar("service", top.service.as_deref()).unwrap_or_else(|| calendars[ALWAYS].clone());
    let escalation = steps(top.escalation, faults);
    let mut courses: Vec<Course> = Vec::new();
    for (nth, value) in top.courses.into_iter().enumerate() {
        courses.extend(section(&format!("courses[{}]", nth + 1), value, faults));
    }
    Some(Plan {
        id: top.id,
        version: top.version,
        title: top.title,
        severity,
        targets,
        reopening,
        service,
        calendars,
        regions: top.regions,
        groups: top.groups,
        escalation,
        special_periods,
        courses,
        coverage: top.coverage,
        base: top.base,
        source: text.into(),
    })
}

/// The key at fault where the reader knows it only by its line.
fn key_of(error: &toml::de::Error) -> String {
    let message = error.message();
    match message.split('`').nth(1) {
        Some(key) if message.contains("field") => key.to_owned(),
        _ => "file".to_owned(),
    }
}

fn read_scheme(value: toml::Value, faults: &mut Vec<Fault>) -> Option<Scheme> {
    let scheme = match value {
        toml::Value::String(name) => match Scheme::built_in(&name) {
            Some(scheme) => scheme,
            None => {
                faults.push(Fault::new("severity", format!("there is no scheme {name:?}")));
                return None;
            }
        },
        table => section("severity", table, faults)?,
    };
    check::scheme(&scheme, faults);
    Some(scheme)
}

struct Reader<'a> {
    calendars: &'a BTreeMap<String, Arc<Calendar>>,
    /// Calendars with a fault of their own, which is told once.
    broken: &'a [String],
    statuses: &'a [Status],
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    fn targets(&mut self, key: &str, values: Vec<toml::Value>) -> Vec<Target> {
        let mut targets = Vec::new();
        for (nth, value) in values.into_iter().enumerate() {
            let key = format!("{key}[{}]", nth + 1);
            let Some(file) = section::<TargetFile>(&key, value, self.faults) else { continue };
            targets.extend(self.target(&key, file));
        }
        targets
    }

    fn target(&mut self, key: &str, file: TargetFile) -> Option<Target> {
        let calendar = self.calendar(&format!("{key}.calendar"), file.calendar.as_deref())?;
        if file.only_after && file.from.is_none() {
            self.faults
                .push(Fault::new(format!("{key}.only_after"), "needs `from`, the event it starts with"));
        }
        Some(Target {
            milestone: file.milestone,
            kinds: file.kinds,
            severity: file.severity.map(|s| s.list()),
            difficulty: file.difficulty,
            regions: file.regions,
            within: file.within,
            calendar,
            from: file.from,
            only_after: file.only_after,
            instead: file.instead,
            pauses: file.pauses.unwrap_or_else(|| self.statuses.to_vec()),
        })
    }

    /// The calendar of a key; always open where none is named.
    fn calendar(&mut self, key: &str, name: Option<&str>) -> Option<Arc<Calendar>> {
        let name = name.unwrap_or(ALWAYS);
        let found = self.calendars.get(name).cloned();
        if self.broken.iter().any(|b| b == name) {
            // Stands in, so that the rest of the plan is checked, too.
            return self.calendars.get(ALWAYS).cloned();
        }
        if found.is_none() {
            self.faults.push(Fault::new(key, format!("there is no calendar {name:?}")));
        }
        found
    }

    fn periods(&mut self, values: Vec<toml::Value>) -> Vec<SpecialPeriod> {
        let mut periods = Vec::new();
        for (nth, value) in values.into_iter().enumerate() {
            let key = format!("special_periods[{}]", nth + 1);
            let Some(file) = section::<PeriodFile>(&key, value, self.faults) else { continue };
            let targets = self.targets(&format!("{key}.targets"), file.targets);
            periods.push(SpecialPeriod {
                name: file.name,
                from: file.from,
                to: file.to,
                people: file.people,
                targets,
            });
        }
        periods
    }
}

fn steps(values: Vec<toml::Value>, faults: &mut Vec<Fault>) -> Vec<Escalation> {
    let mut steps = Vec::new();
    for (nth, value) in values.into_iter().enumerate() {
        let key = format!("escalation[{}]", nth + 1);
        let Some(file) = section::<EscalationFile>(&key, value, faults) else { continue };
        let moment = match (file.opening, file.before, file.after) {
            (true, None, None) => Moment::Opening,
            (false, Some(length), None) => Moment::Before(length),
            (false, None, Some(length)) => Moment::After(length),
            (false, None, None) => Moment::Due,
            _ => {
                faults.push(Fault::new(&key, "only one of opening, before and after can be told"));
                continue;
            }
        };
        if file.to.is_empty() {
            faults.push(Fault::new(format!("{key}.to"), "tells nobody"));
        }
        let mut to = Vec::new();
        for text in &file.to {
            match text.parse::<Recipient>() {
                Ok(recipient) => to.push(recipient),
                Err(crate::Error::Invalid { reason, .. }) => {
                    faults.push(Fault::new(format!("{key}.to"), reason));
                }
                Err(e) => faults.push(Fault::new(format!("{key}.to"), e.to_string())),
            }
        }
        steps.push(Escalation {
            milestone: file.milestone,
            severity: file.severity.map(|s| s.list()),
            kinds: file.kinds,
            moment,
            to,
            repeat: file.repeat,
        });
    }
    steps
}
