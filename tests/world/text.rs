//! Made-up news: sentences of one article share few pairs of words with those of another.

const NAMES: [&str; 24] = [
    "Abara",
    "Bellweather",
    "Castell",
    "Dunmore",
    "Eastlake",
    "Farrow",
    "Grantham",
    "Holloway",
    "Ingram",
    "Jessop",
    "Kowal",
    "Lindqvist",
    "Marchetti",
    "Novak",
    "Okafor",
    "Penhale",
    "Quigley",
    "Rosander",
    "Sabin",
    "Tremaine",
    "Umber",
    "Vasko",
    "Whitlock",
    "Zeller",
];
const OFFICES: [&str; 16] = [
    "harbour board",
    "county council",
    "school trust",
    "rail operator",
    "water company",
    "planning committee",
    "football club",
    "hospital group",
    "farmers' union",
    "city museum",
    "power station",
    "fire service",
    "library board",
    "housing agency",
    "bus company",
    "port authority",
];
const THINGS: [&str; 32] = [
    "bridge",
    "tram line",
    "swimming pool",
    "flood wall",
    "night ferry",
    "market hall",
    "bell tower",
    "cycle path",
    "orchard",
    "reservoir",
    "concert hall",
    "ticket office",
    "playground",
    "quarry",
    "wind farm",
    "bakery",
    "lighthouse",
    "court house",
    "footbridge",
    "greenhouse",
    "ice rink",
    "observatory",
    "pumping station",
    "seed bank",
    "signal box",
    "skate park",
    "stables",
    "theatre",
    "town clock",
    "underpass",
    "viaduct",
    "workshop",
];
const DEEDS: [&str; 24] = [
    "reopen",
    "repair",
    "sell",
    "extend",
    "inspect",
    "paint",
    "close",
    "rebuild",
    "insure",
    "measure",
    "move",
    "rename",
    "replace",
    "restore",
    "lease",
    "light",
    "drain",
    "fence",
    "survey",
    "widen",
    "heat",
    "staff",
    "auction",
    "catalogue",
];
const WHEN: [&str; 16] = [
    "before the winter",
    "by the end of March",
    "after the elections",
    "during the holidays",
    "within six weeks",
    "on the second Sunday",
    "as soon as funds allow",
    "once the frost is over",
    "between two tides",
    "while the road is closed",
    "when the inquiry ends",
    "in the new year",
    "at the next session",
    "after a long delay",
    "despite the objections",
    "for the first time",
];
const TAILS: [&str; 16] = [
    "which neighbours had asked for since spring",
    "although the cost has doubled",
    "and nobody in the room objected",
    "a plan first drawn up a decade ago",
    "to the surprise of those who had queued",
    "because the old permit runs out",
    "while traders fear for their income",
    "and volunteers have offered their help",
    "even if the rain keeps on",
    "as the minutes of the meeting show",
    "so that children can walk there safely",
    "after engineers found cracks in the stone",
    "with money from a private bequest",
    "in spite of two earlier refusals",
    "and the keys change hands on Friday",
    "which the mayor called long overdue",
];

/// A small generator of numbers: the same seed, the same world (xorshift64*, Vigna 2016).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    pub(crate) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }
}

pub(crate) fn headline(dice: &mut Dice) -> String {
    let office = dice.pick(&OFFICES);
    let (deed, thing) = (dice.pick(&DEEDS), dice.pick(&THINGS));
    let mut title = format!("{office} to {deed} {thing} {}", dice.pick(&WHEN));
    title[..1].make_ascii_uppercase();
    title
}

pub(crate) fn name(dice: &mut Dice) -> String {
    format!("Robin {}", dice.pick(&NAMES))
}

fn sentence(dice: &mut Dice) -> String {
    let (name, office, deed, thing) = (
        dice.pick(&NAMES),
        dice.pick(&OFFICES),
        dice.pick(&DEEDS),
        dice.pick(&THINGS),
    );
    let (when, tail, number) = (dice.pick(&WHEN), dice.pick(&TAILS), 12 + dice.below(9000));
    match dice.below(5) {
        0 => format!(
            "{name} told the {office} on Tuesday that {number} people had signed a letter asking to {deed} the {thing} {when}, {tail}."
        ),
        1 => format!(
            "The {office} will {deed} the {thing} {when}, {tail}, said {name}, who has worked there for {} years.",
            2 + number % 39
        ),
        2 => format!(
            "“We cannot {deed} a {thing} {when} and pay {number} pounds for it,” {name} said, {tail}."
        ),
        3 => format!(
            "According to the {office}, it took {number} hours to {deed} the {thing}, {tail}."
        ),
        _ => format!(
            "A report of {number} pages advises the {office} to {deed} its {thing} {when}, {tail}; {name} wrote most of it."
        ),
    }
}

/// The paragraphs of an article.
pub(crate) fn body(dice: &mut Dice) -> Vec<String> {
    (0..7 + dice.below(7))
        .map(|_| {
            let sentences: Vec<_> = (0..2 + dice.below(3)).map(|_| sentence(dice)).collect();
            sentences.join(" ")
        })
        .collect()
}
