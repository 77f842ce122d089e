//! The whole house, seen from outside: one file a story.

mod access;
mod authority;
mod backups;
mod bundles;
mod command_line;
mod committee;
mod decision_and_eventlog;
mod doctor;
mod documents;
mod erasure;
mod exits;
mod faults;
mod hall;
mod hearings;
mod interface;
mod licences;
mod modes;
mod operations;
mod past_days;
mod powers;
mod process_commands;
mod projects;
mod renewals;
mod ruled;
mod simulation;
mod town;
