//! The conversation and its channels: what people write becomes events, one pure step decides what
//! happens, and thin adapters carry the words to Telegram, Discord, the web chat and the terminal.
pub mod action;
pub mod advice;
mod alone;
pub mod discord;
pub mod event;
pub mod fetch;
pub mod message;
pub mod notice;
pub mod operator;
pub mod preview;
pub mod sender;
pub mod step;
pub mod telegram;
pub mod terminal;
pub mod texts;
pub mod webchat;
