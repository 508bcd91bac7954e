//! Hostile robots.txt of 1 MB: each is read and matched in well under 50 ms.
//!
//! ```sh
//! cargo bench --bench robots
//! ```

use gleaner::polite::robots::Robots;

fn main() {
    divan::main();
}

const NAMES: &[&str] = &[
    "wildcards in one line",
    "wildcards in many lines",
    "different wildcards",
    "long lines outside ASCII",
    "no line end",
    "NULs",
    "agents",
    "percent signs",
];

fn file(name: &str) -> Vec<u8> {
    let fill = |unit: &str| unit.repeat(1_000_000 / unit.len()).into_bytes();
    let under = |rules: Vec<u8>| [b"User-agent: *\n".to_vec(), rules].concat();
    match name {
        "wildcards in one line" => under([b"Disallow: /".to_vec(), fill("*a")].concat()),
        "wildcards in many lines" => under(fill("Disallow: /*a*a*a*a*a*a*a*a*a*b\n")),
        "different wildcards" => under(
            (0..70_000u32)
                .flat_map(|n| format!("Disallow: *a{n}\n").into_bytes())
                .collect(),
        ),
        "long lines outside ASCII" => under(fill(&format!("Disallow: /{}\n", "漢".repeat(9000)))),
        "no line end" => fill("a"),
        "NULs" => vec![0; 1_000_000],
        "agents" => fill("User-agent: gleaner\n"),
        _ => under([b"Disallow: /".to_vec(), fill("%")].concat()),
    }
}

#[divan::bench(args = NAMES)]
fn read_and_match(bencher: divan::Bencher<'_, '_>, name: &str) {
    let path = format!("/{}", "a".repeat(2_000));
    bencher
        .with_inputs(|| file(name))
        .bench_values(|file| Robots::parse(&file, "gleaner").allows(&path));
}
