//! What holds for whole files: AWS's examples, the laws of reading, and the manual.

#[cfg(test)]
mod aws_examples;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod manual;
