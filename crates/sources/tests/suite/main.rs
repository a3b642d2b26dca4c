//! What is read from answers of AWS, and what is said of what cannot be read.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod bytes;
#[cfg(test)]
mod captures;
#[cfg(test)]
mod files;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod joins;
#[cfg(test)]
mod places;
#[cfg(test)]
mod print;
#[cfg(test)]
mod problems;
