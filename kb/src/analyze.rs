//! One way to read text, for articles and for questions alike: fold, cut into words and pairs of
//! characters, stem English, keep codes whole.
pub mod code;
pub mod fold;
#[cfg(test)]
mod properties;
pub mod segment;
pub mod sound;
pub mod stem;
pub mod stop;
pub mod tokens;
pub mod variants;
