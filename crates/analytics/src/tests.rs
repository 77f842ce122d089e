//! Rules of the board.
