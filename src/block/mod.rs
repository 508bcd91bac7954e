//! Text blocks of a page and what is known about each.

pub mod email;
pub mod phrases;
