//! Rules of the room without a database: given what happened, when something is asked, then this
//! follows. What other rooms make of it is walked through at the roof.

mod rules;
mod words;
