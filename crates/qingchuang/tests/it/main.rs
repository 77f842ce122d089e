//! The whole house, seen from outside: one file a story.

mod access;
mod backups;
mod bundles;
mod command_line;
mod decision_and_eventlog;
mod doctor;
mod documents;
mod erasure;
mod exits;
mod faults;
mod hall;
mod interface;
mod licences;
mod modes;
mod operations;
mod past_days;
mod process_commands;
mod projects;
mod ruled;
mod simulation;
mod town;
