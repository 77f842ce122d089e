//! Unpredictable bytes of the operating system, fetched in stocks: a case wants dozens of salts,
//! nonces and ids, and a call into the system for each is dear.
//!
//! Deliberately absent: a generator of our own. Every byte comes from the system, is given once and
//! wiped where it lay.

use std::cell::RefCell;

/// How many bytes are fetched at once.
const STOCK: usize = 1024;

struct Stock {
    bytes: [u8; STOCK],
    /// How many of them were given already.
    given: usize,
}

thread_local! {
    static STOCKED: RefCell<Stock> = const {
        RefCell::new(Stock { bytes: [0; STOCK], given: STOCK })
    };
}

/// Fills with unpredictable bytes.
pub(crate) fn fill(wanted: &mut [u8]) {
    if STOCK / 4 < wanted.len() {
        return fetch(wanted);
    }
    STOCKED.with_borrow_mut(|stock| {
        if STOCK - stock.given < wanted.len() {
            fetch(&mut stock.bytes);
            stock.given = 0;
        }
        let next = stock.given + wanted.len();
        let taken = &mut stock.bytes[stock.given..next];
        wanted.copy_from_slice(taken);
        taken.fill(0);
        stock.given = next;
    });
}

fn fetch(bytes: &mut [u8]) {
    getrandom::fill(bytes)
        .expect("the operating system gives randomness; without it no key is safe");
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_bytes_are_given_twice_whatever_is_asked_for() {
        let mut seen = HashSet::new();
        for at in 0..2_000 {
            let mut bytes = vec![0; 8 + at % 300];
            super::fill(&mut bytes);
            assert!(seen.insert(bytes[..8].to_vec()), "given twice");
            assert!(bytes.iter().any(|byte| *byte != 0), "nothing was given");
        }
    }

    #[test]
    fn threads_do_not_share_what_they_are_given() {
        let one = || {
            let mut bytes = [0; 16];
            super::fill(&mut bytes);
            bytes
        };
        let others: Vec<_> = (0..8).map(|_| std::thread::spawn(one)).collect();
        let mut all: HashSet<_> = others
            .into_iter()
            .map(|other| other.join().unwrap())
            .collect();
        assert!(all.insert(one()));
        assert_eq!(all.len(), 9);
    }
}
