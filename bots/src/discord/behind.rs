//! Which private chats may still miss messages. Their cursors stand still until everything is stored, so
//! that neither a live message nor the end of the process hides what was said before.
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// At the start every chat may miss something.
#[derive(Debug, Default)]
pub(super) struct Behind(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Counts the sessions; what an earlier one finds out no longer matters.
    round: u64,
    /// `None` is every chat.
    chats: Option<HashSet<String>>,
}

impl Behind {
    /// A session begins: every chat may miss something. Gives the number of the session.
    pub fn begin(&self) -> u64 {
        let mut state = self.lock();
        state.round += 1;
        state.chats = None;
        state.round
    }

    pub fn is_current(&self, round: u64) -> bool {
        self.lock().round == round
    }

    /// No other chats than these miss anything.
    pub fn only(&self, round: u64, chats: &[String]) {
        let mut state = self.lock();
        if state.round == round {
            state.chats = Some(chats.iter().cloned().collect());
        }
    }

    pub fn caught_up(&self, round: u64, chat: &str) {
        let mut state = self.lock();
        if state.round == round
            && let Some(chats) = &mut state.chats
        {
            chats.remove(chat);
        }
    }

    pub fn holds(&self, chat: &str) -> bool {
        self.lock().chats.as_ref().is_none_or(|chats| chats.contains(chat))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_held_until_its_own_session_caught_up() {
        let behind = Behind::default();
        assert!(behind.holds("1"));
        let first = behind.begin();
        behind.only(first, &["1".into(), "2".into()]);
        behind.caught_up(first, "1");
        assert_eq!((behind.holds("1"), behind.holds("2"), behind.holds("3")), (false, true, false));
        let second = behind.begin();
        behind.only(first, &[]);
        behind.caught_up(first, "2");
        assert!(behind.holds("2") && !behind.is_current(first) && behind.is_current(second));
    }
}
