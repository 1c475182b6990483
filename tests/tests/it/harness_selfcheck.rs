//! The harness itself under test: the real clients talk to the fakes, the published descriptions judge them.
mod browser;
mod databases;
mod discord_backfill;
mod discord_client;
mod discord_interactions;
mod discord_objects;
mod discord_rules;
mod process;
mod telegram_formatting;
mod telegram_objects;
mod telegram_polling;
mod telegram_sending;
mod telegram_webhook;
