//! People use slash commands, and the app asks for completions while they type.
use serde_json::{Value, json};

use super::commands;
use super::interactions::{AUTOCOMPLETE, COMMAND};
use super::seat::Seat;
use super::state::State;

impl Seat {
    /// Uses a registered command with these options; returns the interaction's id. Panics when people would not see such
    /// a command, or could not send it like this.
    pub fn slash(&self, name: &str, options: &[(&str, Value)]) -> u64 {
        self.fake.shared.change(|state| {
            let data = self.command_data(state, name, options, None);
            self.open(state, COMMAND, data, None)
        })
    }

    /// Types into an option; the app asks the bot for completions. Returns the interaction's id.
    pub fn types_into(&self, name: &str, option: &str, typed: &str) -> u64 {
        self.fake.shared.change(|state| {
            let data = self.command_data(state, name, &[(option, json!(typed))], Some(option));
            self.open(state, AUTOCOMPLETE, data, None)
        })
    }

    fn command_data(
        &self,
        state: &State,
        name: &str,
        given: &[(&str, Value)],
        focused: Option<&str>,
    ) -> Value {
        let Some(command) = commands::visible(state, self.guild(state), name) else {
            panic!("no command /{name}; registered: {}", registered(state).join(", "))
        };
        let described = command["options"].as_array().cloned().unwrap_or_default();
        for option in described.iter().filter(|option| option["required"] == true && focused.is_none()) {
            assert!(
                given.iter().any(|(name, _)| option["name"] == *name),
                "/{name} needs the option {}",
                option["name"]
            );
        }
        let mut options = Vec::new();
        for (name, value) in given {
            let known = described.iter().find(|option| option["name"] == *name);
            let kind = &known.unwrap_or_else(|| panic!("the command has no option {name}"))["type"];
            let mut option = json!({"name": name, "type": kind, "value": value});
            if focused == Some(*name) {
                option["focused"] = json!(true);
            }
            options.push(option);
        }
        json!({"id": command["id"], "name": name, "type": 1, "options": options})
    }
}

/// Names of all registered commands.
pub fn registered(state: &State) -> Vec<String> {
    let all = state.commands.values().flatten();
    all.filter_map(|command| command["name"].as_str().map(str::to_owned)).collect()
}
