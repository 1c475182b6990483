//! One ticket at work: its page, the answer box, and what can be changed.
pub mod answer;
pub mod change;
mod clocks;
pub mod happened;
mod packet;
pub mod page;
mod similar;
