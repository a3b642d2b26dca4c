//! The guides, one table for each family of services.

use crate::guide::Guide;

mod administration;
mod clusters;
mod databases;
mod development;
mod directories;
mod files;
mod legacy;
mod mail;
mod messaging;
mod networks;
pub(crate) mod unlisted;
mod web;

/// The tables, in the order in which people ask.
static FAMILIES: &[&[Guide]] = &[
    administration::GUIDES,
    web::GUIDES,
    mail::GUIDES,
    databases::GUIDES,
    messaging::GUIDES,
    clusters::GUIDES,
    files::GUIDES,
    directories::GUIDES,
    networks::GUIDES,
    development::GUIDES,
    legacy::GUIDES,
];

/// Iterates over every guide that was written for its ports, family by family.
pub fn guides() -> impl Iterator<Item = &'static Guide> {
    FAMILIES.iter().copied().flatten()
}
