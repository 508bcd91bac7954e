//! Mutations of seeds, the same in every run from one number on.

use std::time::{Duration, Instant};

/// Cases of a target where no time is given: enough to notice what breaks often.
const CASES: u64 = 2_000;

/// Bytes of the longest case, for speed; long inputs have tests of their own.
const MOST_BYTES: usize = 16 * 1024;

/// Runs `target` on mutations of `seeds`: 2,000 of them, or for `GLEANER_FUZZ_SECONDS`. They begin
/// at number `GLEANER_FUZZ_CASE` (0), which is what a failure names. `words` are put in whole.
pub(crate) fn fuzz(name: &str, seeds: &[&[u8]], words: &[&[u8]], mut target: impl FnMut(&[u8])) {
    let number = |variable: &str| std::env::var(variable).ok()?.parse::<u64>().ok();
    let first = number("GLEANER_FUZZ_CASE").unwrap_or(0);
    let until = number("GLEANER_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let mut case = first;
    loop {
        let over = match until {
            Some(until) => Instant::now() >= until,
            None => case - first >= CASES,
        };
        if over {
            break;
        }
        let input = mutated(case, seeds, words);
        let shown = Shown {
            name,
            case,
            input: &input,
        };
        target(&input);
        std::mem::forget(shown);
        case += 1;
    }
    // Whoever runs it for long wants to know how far it came; `--nocapture` shows it.
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("{name}: {} cases without a failure\n", case - first),
    );
}

/// Says what the case was when the target panics.
struct Shown<'i> {
    name: &'i str,
    case: u64,
    input: &'i [u8],
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        let input = self.input.escape_ascii();
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("{} failed on case {}: \"{input}\"\n", self.name, self.case),
        );
    }
}

fn mutated(case: u64, seeds: &[&[u8]], words: &[&[u8]]) -> Vec<u8> {
    let mut random = Random(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut bytes = random.pick(seeds).to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(16)).min(bytes.len());
        match random.below(9) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.insert(at, random.byte()),
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            4 => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            5 => {
                let part = bytes[at..end].to_vec();
                let times = 1 << random.below(9);
                bytes.splice(at..at, part.repeat(times));
            }
            6 => {
                let other = *random.pick(seeds);
                let from = random.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => {
                let word = *random.pick(words);
                bytes.splice(at..end, word.iter().copied());
            }
        }
        bytes.truncate(MOST_BYTES);
    }
    bytes
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(0) % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}
