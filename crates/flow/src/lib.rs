//! Flow-log and CloudTrail records: header-driven parsing without copies.
