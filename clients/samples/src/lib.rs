//! Sample integrations: see `hr-sync/` and `family-journey/`.
